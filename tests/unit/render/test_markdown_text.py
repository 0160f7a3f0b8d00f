"""Text in Markdown is text to every reader of Markdown, whoever wrote it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from netprobe.render.clean import clean
from netprobe.render.markdown_text import block, code, prose, table

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</details></details><script>alert(1)</script>",
    "[click](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "https://evil.example www.evil.example mail@evil.example",
    "@octocat #1 GH-1 octo/repo#1 JIRA-123 da39a3ee5e6b4b0d",
    "`` ` ``` @octocat ```` `",
    "a | b | c",
    r"a \| b",
    "# heading",
    "line\n\n# heading\n- item",
    "***bold*** _it_ ~~gone~~ $x$ :shipit: &lt;b&gt; {code}",
    "\u202egnp.exe\u2066",
    "\x1b[31mred\x07",
    "- - 1. > quote",
    "",
)


def tokens(text: str) -> list[str]:
    """Return the kinds of all tokens a reader sees, those inside of lines too."""
    found = READER.parse(text)
    return [t.type for item in found for t in (item, *(item.children or ()))]


@pytest.mark.parametrize("text", HOSTILE)
def test_sentence_is_nothing_but_words_and_code(text: str) -> None:
    """No markup, however it is dressed; and what a reader links by itself is in code."""
    seen = READER.parse(f"so: {prose(text)}")

    kinds = {child.type for child in seen[1].children or ()}
    words = " ".join(child.content for child in seen[1].children or () if child.type == "text")
    assert [item.type for item in seen] == ["paragraph_open", "inline", "paragraph_close"]
    assert kinds <= {"text", "code_inline"}
    for sign in (
        "@",
        "#",
        "<",
        "www",
        "://",
        "GH-1",
        "JIRA-123",
        "da39a3",
        "&",
        "$",
        ":ship",
        "{",
    ):
        assert sign not in words


@pytest.mark.parametrize("text", HOSTILE)
def test_code_span_holds_all_of_the_text(text: str) -> None:
    """What was written is what is read, on one line."""
    [child] = READER.parse(f"so: {code(text)}")[1].children[1:] or [None]

    assert (child.content if child else "") == clean(text)
    assert child is None or child.type == "code_inline"


@pytest.mark.parametrize("text", HOSTILE)
def test_cell_stays_one_cell(text: str) -> None:
    """A bar or a line break in it makes no other."""
    shown = table(("a", "b"), [(code(text), prose(text)), ("c", "d")])

    assert tokens(shown).count("td_open") == 4
    assert not {"html_inline", "html_block", "link_open", "image"} & set(tokens(shown))


@pytest.mark.parametrize("text", HOSTILE)
def test_block_ends_where_it_was_ended(text: str) -> None:
    """Whatever runs of backticks its lines hold."""
    assert tokens(block([text, "last"], "sh")) == ["fence"]


def test_ids_addresses_and_names_are_code_and_words_are_not() -> None:
    """People copy the ones and read the others."""
    text = "allow tcp 443 (1024-65535) from ::/0 in acl-0a1b, IPv6-only: 36.50 USD, 'all out'"

    assert prose(text) == (
        "allow tcp 443 (1024-65535) from `::/0` in `acl-0a1b`, IPv6-only: 36.50 USD, 'all out'"
    )
    assert prose("0.0.0.0/0 -> igw-1 of fn@subnet-1") == "`0.0.0.0/0` → `igw-1` of `fn@subnet-1`"


@pytest.mark.parametrize("literal", ["203.0.113.20", "10.0.0.0/16", "2001:db8::1", "::/0"])
def test_addresses_and_blocks_of_both_families_are_code(literal: str) -> None:
    assert prose(f"add {literal} to it") == f"add `{literal}` to it"


def test_what_belongs_to_a_name_is_no_part_of_it() -> None:
    """A reader copies what is in the code span."""
    assert prose("subnet-e4f55b756d23075da's table, the VPC's own") == (
        "`subnet-e4f55b756d23075da`'s table, the VPC's own"
    )
    assert prose("('acl-0a1b\u2019s'),") == "('`acl-0a1b`\u2019s'),"
