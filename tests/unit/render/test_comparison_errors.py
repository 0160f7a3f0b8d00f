"""Pages of errors about what is compared."""

from __future__ import annotations

from netprobe.render.comparison_errors import PAGES
from netprobe.render.error_pages import error_page


def test_pages_are_found_by_their_reference() -> None:
    """As the line on stderr names them."""
    assert set(PAGES) == {"nothing-to-ask", "two-kinds-to-compare"}
    assert "two snapshots" in error_page("two-kinds-to-compare")
