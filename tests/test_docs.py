"""Documents that are made of code, or quote it, are in step with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netprobe.cli.app import app
from netprobe.render.generated import files

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
GENERATED = files()


@pytest.mark.parametrize("path", GENERATED)
def test_generated_file_is_up_to_date(path: str) -> None:
    """``make docs`` would change nothing."""
    assert (ROOT / path).read_text(encoding="utf-8") == GENERATED[path]


def test_no_generated_page_is_left_over() -> None:
    """A page whose finding is gone goes too."""
    on_disk = {str(path.relative_to(ROOT)) for path in (ROOT / "docs/findings").iterdir()}

    assert on_disk == {path for path in GENERATED if path.startswith("docs/findings/")}


def test_readme_shows_the_help_as_it_is() -> None:
    """The block under ``netprobe --help`` is what the command prints."""
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}, prog_name="netprobe").output

    assert f"```\n$ netprobe --help\n{shown.strip()}\n```" in README


def test_readme_shows_the_report_as_it_is() -> None:
    """The report in the README is the demo's own first one."""
    golden = (ROOT / "tests/golden/story-broken.80.txt").read_text(encoding="utf-8")
    shown = re.search(r"```text\n(.*?)\n\[\.\.\.\]\n", README, re.DOTALL)

    assert shown is not None
    assert shown[1] in golden


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link names a file that is there."""
    text = document.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in link:
            assert (document.parent / link).exists(), link


def test_commands_in_documents_exist() -> None:
    """No document tells its reader to run a command that is not there."""
    known = {command.name for command in app.registered_commands} | {"lab"}
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for word in re.findall(r"`{1,3}(?:\$ )?netprobe ([a-z][a-z-]*)", text):
            assert word in known, f"{document.name}: netprobe {word}"
