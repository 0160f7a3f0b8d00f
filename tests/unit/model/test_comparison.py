"""Where a path went."""

from __future__ import annotations

import pytest

from netprobe.model.comparison import Course, course_between
from netprobe.model.report import PathVerdict

WORKS, BLOCKED = PathVerdict.WORKS, PathVerdict.BLOCKED
REFUSED, UNKNOWN = PathVerdict.REFUSED, PathVerdict.UNKNOWN


@pytest.mark.parametrize(
    ("was", "now", "course"),
    [
        (WORKS, BLOCKED, Course.WORSE),
        (WORKS, REFUSED, Course.WORSE),
        (REFUSED, BLOCKED, Course.WORSE),
        (BLOCKED, REFUSED, Course.BETTER),
        (BLOCKED, WORKS, Course.BETTER),
        (WORKS, WORKS, Course.SAME),
        (WORKS, UNKNOWN, Course.UNCERTAIN),
        (BLOCKED, UNKNOWN, Course.UNCERTAIN),
        (UNKNOWN, BLOCKED, Course.SAME),
        (UNKNOWN, WORKS, Course.SAME),
        (UNKNOWN, UNKNOWN, Course.SAME),
        (None, BLOCKED, Course.SAME),
        (None, UNKNOWN, Course.SAME),
    ],
)
def test_only_what_was_seen_gets_better_or_worse(
    was: PathVerdict | None, now: PathVerdict, course: Course
) -> None:
    """Out of the unknown nothing was seen to open or close; a refusal is nearer than a block."""
    assert course_between(was, now) is course
