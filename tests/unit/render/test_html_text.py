"""Ids in a page are in one piece, and names are still text."""

from __future__ import annotations

import pytest

from netprobe.render.html_text import keep_ids


def whole(name: str) -> str:
    return f'<span class="whole">{name}</span>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "add 0.0.0.0/0 to it in rtb-28ae43ca1b2c3d4e5.",
            f"add 0.0.0.0/0 to it in {whole('rtb-28ae43ca1b2c3d4e5')}.",
        ),
        (
            "push-prices@subnet-0a1b2c3d4e5f60718",
            f"{whole('push-prices')}@{whole('subnet-0a1b2c3d4e5f60718')}",
        ),
        ("nothing to keep", "nothing to keep"),
        ("0.0.0.0/0 -> nat-1", f"0.0.0.0/0 -&gt; {whole('nat-1')}"),
    ],
)
def test_a_word_with_hyphens_stays_in_one_line(text: str, html: str) -> None:
    assert keep_ids(text) == html


def test_a_host_breaks_beside_its_dots_alone() -> None:
    """It may be longer than a phone is wide."""
    host = f"abc123.{whole('execute-api')}.{whole('us-east-1')}.amazonaws.com"

    assert keep_ids("abc123.execute-api.us-east-1.amazonaws.com") == host


def test_a_name_that_is_longer_than_a_phone_is_wide_may_break() -> None:
    name = "a-role-of-a-function-that-somebody-named-at-length"

    assert keep_ids(name) == name


def test_names_are_escaped_and_cleaned_as_everywhere() -> None:
    """Also those that are kept whole."""
    assert keep_ids("<b>a-b\u202e</b>") == f"&lt;b&gt;{whole('a-b')}\\u202e&lt;/b&gt;"
