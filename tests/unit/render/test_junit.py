"""JUnit XML is valid for the readers there are, whatever the names in it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from netprobe.render.junit import Case, Ending, Suite, write_junit

ALLOWED = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"time", "skipped", "timestamp", "hostname", "id", "package"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": (
        {"name"},
        {"time", "classname"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}
"""By element: attributes it must have, those it may have, and its children, in what Jenkins'
junit-10.xsd and GitLab's reader have in common."""
TIME = re.compile(r"[0-9]*(\.[0-9]*)?")
SUITES = (
    Suite(
        name="api:abc",
        properties={"region": "us-east-1"},
        timestamp="2026-11-24T12:00:00",
        cases=(
            Case(name="IPv4", classname="subnet-1", seconds=0.25),
            Case(
                name="IPv6",
                classname="subnet-1",
                ending=Ending.FAILED,
                kind="timeout",
                message="no route",
                text="line one\nline two",
                seconds=1.5,
            ),
            Case(name="IPv4", classname="subnet-2", ending=Ending.ERROR, message="unread"),
            Case(name="IPv6", classname="subnet-2", ending=Ending.SKIPPED, message="not probed"),
        ),
    ),
    Suite(name="empty", cases=()),
)


def assert_valid(text: str) -> ET.Element:
    """Hold a document to the table, element by element, and return its root."""
    root = ET.fromstring(text)  # noqa: S314 # our own document
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional, children = ALLOWED[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.tag
        assert {child.tag for child in element} <= children, element.tag
        if "time" in element.attrib:
            assert TIME.fullmatch(element.attrib["time"])
    return root


def test_document_is_valid() -> None:
    """Elements, attributes and their order are those that readers accept."""
    assert_valid(write_junit(SUITES))


def test_cases_are_counted_by_how_they_ended() -> None:
    """A reader that adds up sees the same as one that looks."""
    root = assert_valid(write_junit(SUITES))

    assert root.attrib == {
        "name": "netprobe",
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "time": "1.750",
    }
    suite = root[0]
    assert suite.attrib["skipped"] == "1"
    assert [child.tag for child in suite] == ["properties", *["testcase"] * 4]
    assert [[(e.tag, e.attrib) for e in case] for case in suite.iter("testcase")] == [
        [],
        [("failure", {"message": "no route", "type": "timeout"})],
        [("error", {"message": "unread"})],
        [("skipped", {"message": "not probed"})],
    ]
    assert suite[2][0].text == "line one\nline two"


HOSTILE = (
    '"><failure message="x',
    "]]><testcase name='x'/>",
    "<!ENTITY x 'y'>&x;",
    "\x00\x1b[31m\x08\ufffe",
    "\ud800 a lone surrogate",
    "\u202egnp.exe",
    "a\nb\r\nc\td",
)


def test_nothing_reorders_or_hides_text() -> None:
    """It is told by its number, as in every other form."""
    name = "rtb-\u202egnp.exe\x1b[31m"
    case = Case(name=name, classname=name, ending=Ending.FAILED, message=name, text=f"a\n{name}")
    written = write_junit([Suite(name=name, cases=(case,), properties={"vpc": name})])

    assert "\u202e" not in written
    assert written.count(r"rtb-\u202egnp.exe\u001b[31m") == 6
    assert assert_valid(written)[0][1][0].text == r"a" "\n" r"rtb-\u202egnp.exe\u001b[31m"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_stays_a_name(name: str) -> None:
    """It adds no element, and all of it that XML can hold is there."""
    case = Case(
        name=name, classname=name, ending=Ending.FAILED, message=name, text=name, kind=name
    )
    root = assert_valid(write_junit([Suite(name=name, cases=(case,), properties={name: name})]))

    assert [element.tag for element in root.iter()] == [
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "testcase",
        "failure",
    ]
    held = "".join(
        char for char in name if char.isprintable() and not "\ud800" <= char <= "\udfff"
    )
    shown = root[0].attrib["name"]
    assert [char for char in held if char not in shown] == []
