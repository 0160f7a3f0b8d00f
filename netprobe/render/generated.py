"""Every file of the project that is made of its code; run as a module to write them again.

``python -m netprobe.render.generated`` writes into the working folder, the project's root.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from netprobe.render import error_pages, finding_pages
from netprobe.render.report_v1 import ReportV1

SCHEMA_PATH = "netprobe/render/report-v1.schema.json"


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of JSON version 1."""
    from pydantic import TypeAdapter  # noqa: PLC0415 # needed here only, and not by users

    schema = TypeAdapter(ReportV1).json_schema()
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": "netprobe.report/1"} | schema


def files() -> dict[str, str]:
    """Return the generated files by path."""
    findings = {f"docs/findings/{name}": text for name, text in finding_pages.pages().items()}
    schema = json.dumps(report_schema(), indent=1) + "\n"
    return findings | {"docs/errors.md": error_pages.all_error_pages(), SCHEMA_PATH: schema}


if __name__ == "__main__":
    for path, text in files().items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
