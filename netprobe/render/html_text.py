"""Text of a page in which ids stay whole: a browser breaks lines behind hyphens."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from netprobe.render.clean import clean

_LONGEST = 30
"""What is longer may not fit into a line of a phone; it may break."""
_HYPHENED = re.compile(r"(\w+(?:-\w+)+)")


def keep_ids(text: str) -> Markup:
    """Return text as HTML in which no line ends inside an id, or another word with hyphens."""
    parts = _HYPHENED.split(clean(text))
    return Markup("").join(_whole(part) if number % 2 else escape(part)
                           for number, part in enumerate(parts))  # fmt: skip


def _whole(name: str) -> Markup:
    if len(name) > _LONGEST:
        return escape(name)
    return Markup('<span class="whole">{}</span>').format(name)
