"""A report as Markdown: what a ticket shows of it, whatever the names in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from netprobe.render.markdown import render_markdown
from tests.hostile import LONG, hostile_report, renamed
from tests.recorded import SCENARIOS, report_of_scenario

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OUR_TAGS = re.compile(r"<details><summary>[A-Za-z ]+</summary>\n?|</details>\n?")


def kinds(text: str) -> set[str]:
    """Return the kinds of all tokens a reader sees, and hold its HTML to our own."""
    found = [t for item in READER.parse(text) for t in (item, *(item.children or ()))]
    for token in found:
        if token.type in {"html_block", "html_inline"}:
            assert OUR_TAGS.fullmatch(token.content), token.content
    return {token.type for token in found}


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_folds_open_and_close_in_pairs(scenario_id: str) -> None:
    """GitHub folds no more than was meant."""
    text = render_markdown(report_of_scenario(scenario_id))

    assert text.count("<details>") == text.count("</details>") > 0
    assert not {"link_open", "image", "s_open", "hr", "blockquote_open"} & kinds(text)


def test_hostile_names_make_no_markup() -> None:
    """No link, no picture, no tag, no mention outside of code, no torn table."""
    text = render_markdown(hostile_report())
    tokens = READER.parse(text)

    assert not {"link_open", "image", "s_open", "hr", "blockquote_open"} & kinds(text)
    words = [c for t in tokens for c in (t.children or ()) if c.type == "text"]
    for sign in ("@", "://", "www.", "<", "{{"):
        assert not [word.content for word in words if sign in word.content]
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len({line.count("|") for line in rows[:3]}) == 1
    assert LONG in text


def test_answer_comes_first_and_support_last() -> None:
    """Whoever opens the ticket reads what is wrong; whoever escalates it finds the ids."""
    text = render_markdown(report_of_scenario("S04"))
    headings = [line for line in text.splitlines() if line.startswith(("## ", "### "))]

    assert text.startswith("## netprobe: intermittent\n\n**intermittent**: REST API")
    assert headings == [
        "## netprobe: intermittent",
        "### Where it stops (✗ blocks; ┄> on, as if it had passed)",
        "### Findings",
        "### Ways out",
        "### How what works gets there",
        "### What could be saved",
        "### About this check",
        "### For support",
    ]
    assert "| started (UTC) | `2026-11-24T12:00:00Z` |" in text
    assert re.search(r"\| `fn@subnet-\w+` \| `\S+` \| `[0-9a-f-]{36}` \|", text)
    assert re.search(r"x-amzn-requestid `[0-9a-f-]{36}`", text)


def test_a_crowd_of_paths_fits_into_an_issue() -> None:
    """GitHub takes 65,536 characters; what is left out is said, and where it is."""
    report = report_of_scenario("S04")
    many = [
        renamed(report, {source.id: f"fn@subnet-{number:017x}" for source in report.sources})
        for number in range(60)
    ]
    paths = tuple(path for item in many for path in item.paths)
    felt = frozenset(key for item in many for key in item.felt)
    sources = tuple(source for item in many for source in item.sources)
    crowd = replace(report, sources=sources, paths=paths, felt=felt, findings=())
    text = render_markdown(crowd)

    assert len(text) < 65_536
    assert "And 54 more paths: `--format json` has all." in text


def test_commands_are_ready_to_copy() -> None:
    """Each language in a block of its own, nothing wrapped."""
    text = render_markdown(report_of_scenario("S04"))

    assert re.search(r"```sh\naws ec2 associate-route-table --region us-east-1 .*\n```", text)
    assert "```hcl\n" in text
    assert "```yaml\n" in text
