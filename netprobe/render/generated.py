"""Every file of the project that is made of its code; run as a module to write them again.

``python -m netprobe.render.generated`` writes into the working folder, the project's root.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from netprobe.render import comparison_v1, error_pages, finding_pages, watch_v1
from netprobe.render.comparison_v1 import ComparisonV1
from netprobe.render.flow_v1 import SCHEMA_ID, FlowAnswerV1
from netprobe.render.report_v1 import ReportV1
from netprobe.render.watch_v1 import PathChangeV1

_PACKAGE = "netprobe/render"
SCHEMA_PATH = f"{_PACKAGE}/report-v1.schema.json"
FLOW_SCHEMA_PATH = f"{_PACKAGE}/flow-v1.schema.json"
WATCH_SCHEMA_PATH = f"{_PACKAGE}/watch-v1.schema.json"
DIFF_SCHEMA_PATH = f"{_PACKAGE}/diff-v1.schema.json"
"""In the package for programs, and among the documents for those who read them."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of JSON version 1."""
    return _schema(ReportV1, "netprobe.report/1")


def flow_schema() -> dict[str, Any]:
    """Return the JSON Schema of one answer to a flow."""
    return _schema(FlowAnswerV1, SCHEMA_ID)


def watch_schema() -> dict[str, Any]:
    """Return the JSON Schema of one change that a watch tells."""
    return _schema(PathChangeV1, watch_v1.SCHEMA_ID)


def diff_schema() -> dict[str, Any]:
    """Return the JSON Schema of a comparison."""
    return _schema(ComparisonV1, comparison_v1.SCHEMA_ID)


def _schema(shape: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 # a type, of whatever kind pydantic takes
    from pydantic import TypeAdapter  # noqa: PLC0415 # needed here only, and not by users

    return {"$schema": _DIALECT, "$id": name} | TypeAdapter(shape).json_schema()


def files() -> dict[str, str]:
    """Return the generated files by path."""
    findings = {f"docs/findings/{name}": text for name, text in finding_pages.pages().items()}
    schemas = {
        place: json.dumps(schema, indent=1) + "\n"
        for path, schema in (
            (SCHEMA_PATH, report_schema()),
            (FLOW_SCHEMA_PATH, flow_schema()),
            (WATCH_SCHEMA_PATH, watch_schema()),
            (DIFF_SCHEMA_PATH, diff_schema()),
        )
        for place in (path, path.replace(_PACKAGE, "docs/schema"))
    }
    return findings | schemas | {"docs/errors.md": error_pages.all_error_pages()}


if __name__ == "__main__":
    for path, text in files().items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
