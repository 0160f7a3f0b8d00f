"""Documents that are made of code, or quote it, are in step with it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
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


def test_schemas_are_in_the_package_and_among_the_documents() -> None:
    """The same file in both places."""
    schemas = {path: text for path, text in GENERATED.items() if path.endswith(".schema.json")}
    names = {Path(path).name for path in schemas}

    assert names == {f"{name}-v1.schema.json" for name in ("report", "flow", "watch", "diff")}
    for name in names:
        assert schemas[f"docs/schema/{name}"] == schemas[f"netprobe/render/{name}"]


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


def _without_ids(text: str) -> str:
    """Return a report in one line, each run's own ids and addresses alike."""
    text = re.sub(r"\b(subnet|sg|rtb|acl|vpc|eigw)-[0-9a-f]{17}\b", r"\1-ID", text)
    text = re.sub(r"\b(?:pzhujlpt|ghenfpgk)\b", "API", text)
    text = re.sub(r"fe80::[0-9a-f:]+|10\.50\.[0-9.]+|2001:db8:[0-9a-f:]+", "ADDRESS", text)
    return " ".join(text.split())


def test_tutorial_shows_what_the_story_prints() -> None:
    """All but what a what-if, a watch and a sandbox tell, which is of their own runs."""
    tutorial = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    golden = "".join(
        _without_ids((ROOT / f"tests/golden/{name}.txt").read_text(encoding="utf-8"))
        for name in ("story-broken.80", "story-healthy.verbose")
    )
    shown = re.findall(r"```text\n(.*?)```", tutorial, re.DOTALL)
    own = [text for text in shown if not re.match(r"\+|addresses of|healthy: with", text)]

    assert len(own) == 3
    for text in own:
        assert _without_ids(text) in golden


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


def build_site(folder: Path, docs: Path) -> tuple[int, str]:
    """Return the exit code of the site's build, and what it said."""
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(f"{config}\ndocs_dir: {docs}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder / "site")],
        cwd=folder,
        env={"NO_MKDOCS_2_WARNING": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


class Loaded(HTMLParser):
    """Collects what a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img", "iframe", "source", "video"} and given.get("src"):
            self.urls.add(given["src"] or "")
        if tag == "link" and given.get("rel") not in {"canonical", "prev", "next"}:
            self.urls.add(given.get("href") or "")


def test_site_is_built_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    """Strictly: a broken link or anchor, or a page that no menu leads to, would stop it."""
    code, said = build_site(tmp_path, ROOT / "docs")

    assert code == 0, said
    assert "WARNING" not in said
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) >= len(list((ROOT / "docs").rglob("*.md")))
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        for url in loaded.urls:
            assert "//" not in url, f"{page.name} loads {url}"
            if page.name != "404.html":
                assert (page.parent / url.partition("?")[0]).exists(), f"{page.name}: {url}"
    for sheet in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", sheet.read_text(encoding="utf-8"))
    for path in GENERATED:
        if path.startswith("docs/schema/"):
            assert (tmp_path / "site" / path.removeprefix("docs/")).is_file()
    index = (tmp_path / "site/search/search_index.json").read_text(encoding="utf-8")
    assert "route-v4-no-default-route" in index


def test_site_is_not_built_with_a_link_into_nothing(tmp_path: Path) -> None:
    """Neither to a page nor to a place in one."""
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    with (docs / "lab.md").open("a", encoding="utf-8") as page:
        page.write("\n[one](nowhere.md) [two](trace.md#nowhere)\n")
    (docs / "forgotten.md").write_text("# Forgotten\n", encoding="utf-8")

    code, said = build_site(tmp_path, docs)

    assert code != 0
    for words in ("'nowhere.md'", "'trace.md#nowhere'", "forgotten.md"):
        assert words in said
