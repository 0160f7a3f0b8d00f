"""JUnit XML, as pipelines read it: suites of cases -> text.

There is no one standard. What is written here is accepted by Jenkins' schema (``junit-10.xsd`` of
its xunit plugin), and by GitLab, which shows ``classname`` and ``name``, takes cases of the same
two for one, and reads the text of a failure rather than its message:
https://docs.gitlab.com/ci/testing/unit_test_reports/
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from xml.etree import ElementTree as ET

from netprobe.render.clean import clean


class Ending(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failure"
    ERROR = "error"
    """It could not be told."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that was tried."""

    name: str
    classname: str
    """What the case belongs to; together with the name it tells two cases apart."""
    ending: Ending = Ending.PASSED
    message: str = ""
    """Why it did not pass, in one line."""
    kind: str = ""
    """Of the failure, for machines."""
    text: str = ""
    """The whole of why, in any number of lines."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Cases that belong together."""

    name: str
    cases: tuple[Case, ...]
    properties: dict[str, str] = field(default_factory=dict)
    timestamp: str = ""
    """When it began: UTC, ISO 8601 without a zone, as Ant's task writes it."""


def write_junit(suites: Iterable[Suite], *, name: str = "netprobe") -> str:
    """Return the suites as one XML document; whatever their texts hold, it can be read back."""
    everything = tuple(suites)
    root = ET.Element("testsuites", _counts(case for item in everything for case in item.cases))
    root.attrib = {"name": _clean(name)} | root.attrib
    for suite in everything:
        _add_suite(root, suite)
    ET.indent(root)
    buffer = io.BytesIO()
    ET.ElementTree(root).write(buffer, encoding="utf-8", xml_declaration=True)
    return buffer.getvalue().decode() + "\n"


def _add_suite(root: ET.Element, suite: Suite) -> None:
    skipped = sum(case.ending is Ending.SKIPPED for case in suite.cases)
    attributes = {"name": _clean(suite.name)} | _counts(suite.cases) | {"skipped": str(skipped)}
    if suite.timestamp:
        attributes["timestamp"] = _clean(suite.timestamp)
    element = ET.SubElement(root, "testsuite", attributes)
    if suite.properties:
        held = ET.SubElement(element, "properties")
        for key, value in suite.properties.items():
            ET.SubElement(held, "property", {"name": _clean(key), "value": _clean(value)})
    for case in suite.cases:
        _add_case(element, case)


def _add_case(suite: ET.Element, case: Case) -> None:
    element = ET.SubElement(
        suite,
        "testcase",
        {
            "name": _clean(case.name),
            "classname": _clean(case.classname),
            "time": f"{case.seconds:.3f}",
        },
    )
    if case.ending is Ending.PASSED:
        return
    attributes = {"message": _clean(case.message)}
    if case.kind:
        attributes["type"] = _clean(case.kind)
    ended = ET.SubElement(element, case.ending.value, attributes)
    ended.text = _clean(case.text) or None


def _counts(cases: Iterable[Case]) -> dict[str, str]:
    everything = tuple(cases)
    ended = Counter(case.ending for case in everything)
    return {
        "tests": str(len(everything)),
        "failures": str(ended[Ending.FAILED]),
        "errors": str(ended[Ending.ERROR]),
        "time": f"{sum(case.seconds for case in everything):.3f}",
    }


def _clean(text: str) -> str:
    """Return the text with what XML cannot hold, or reorders text, as visible as elsewhere.

    Lines stay lines; markup is the writer's business. https://www.w3.org/TR/xml/#charsets
    """
    return "\n".join(map(clean, text.split("\n")))
