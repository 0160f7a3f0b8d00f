"""What is known of one of netprobe's own errors."""

from __future__ import annotations

from typing import NamedTuple


class Page(NamedTuple):
    """One error's page."""

    title: str
    text: str
