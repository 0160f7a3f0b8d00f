"""A watch in words: what is said of each change, and the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from netprobe.diagnosis.path_changes import path_changes
from netprobe.model.addresses import Family
from netprobe.model.path_change import PathChange, Turn
from netprobe.model.report import Path, PathVerdict, Report
from netprobe.render.terminal import render_blocks, text_lines
from netprobe.render.watching import narrate_changes, narrate_state
from tests.reports import report_of_step

AT = datetime(2026, 11, 25, 4, 46, 21, tzinfo=UTC)
NO_RECORD = (
    "pzhujlpt.execute-api.us-east-1.amazonaws.com has no AAAA record here: the address type of "
    "pzhujlpt is ipv4"
)
NO_RULE = "sg-8668e899e4f8efe9f: no egress rule allows tcp 443 to any public IPv6 address"
SUBNETS = "subnet-c3eb8c3d1646d0309, subnet-659e7c720b943e05b"


def told(report: Report, changes: tuple[PathChange, ...], width: int = 120) -> list[str]:
    blocks = tuple(narrate_changes(AT, 4.6, changes, report.sources, report.targets))
    text = render_blocks(blocks, width=width, colour=False, ascii=False)
    return [line for line in text.splitlines() if line]


def between(before: int, now: int) -> tuple[Report, tuple[PathChange, ...]]:
    """Return the report after a step of the story, and what changed since another."""
    report = report_of_step(now)
    return report, path_changes(report_of_step(before).paths, report.paths)


def test_first_round_says_what_is_in_the_way() -> None:
    """The same from both subnets is said once."""
    report = report_of_step(3)

    assert told(report, path_changes((), report.paths)) == [
        f"04:46:21Z  +5 s  blocked: api:pzhujlpt over IPv4 from {SUBNETS}",
        "  ✗ 198.51.100.10 goes nowhere: rtb-9ed804852e968a8c6 has no route to it",
        f"04:46:21Z  +5 s  blocked: api:pzhujlpt over IPv6 from {SUBNETS}",
        f"  ✗ {NO_RECORD}",
    ]


def test_each_step_on_the_way_says_what_is_left() -> None:
    """What went, and what still stands in the way."""
    assert told(*between(0, 1)) == [
        f"04:46:21Z  +5 s  still blocked: api:pzhujlpt over IPv6 from {SUBNETS}",
        "  ✓ gone: any public IPv6 address goes nowhere: rtb-9ed804852e968a8c6 has no route to it",
        f"  ✗ still: {NO_RECORD}",
        "  ✗ still: push-prices may not use IPv6: Ipv6AllowedForDualStack is off",
        f"  ✗ still: {NO_RULE}",
    ]


def test_opening_and_closing_name_the_fact() -> None:
    """One block went, one came."""
    opened, closed = told(*between(3, 4)), told(*between(4, 3))

    assert opened[0] == f"04:46:21Z  +5 s  opened: api:pzhujlpt over IPv6 from {SUBNETS}"
    assert opened[1].startswith("  ✓ gone: pzhujlpt.execute-api")
    assert closed[0] == f"04:46:21Z  +5 s  closed: api:pzhujlpt over IPv6 from {SUBNETS}"
    assert closed[1].startswith("  ✗ new: pzhujlpt.execute-api")


def unlike(path: Path, turn: Turn, verdict: PathVerdict, unread: tuple[str, ...]) -> PathChange:
    assert path.trace is not None
    trace = replace(path.trace, blockers=(), unread=unread)
    return PathChange(
        turn=turn, path=replace(path, verdict=verdict, trace=trace), was=PathVerdict.WORKS
    )


def test_change_that_no_configuration_explains_says_so() -> None:
    """With what the probe met instead."""
    report = report_of_step(0)
    change = unlike(report.paths[0], Turn.CLOSED, PathVerdict.BLOCKED, ())

    assert told(report, (change,))[1:] == [
        "  ○ nothing in the configuration that was read explains it; the probe says timeout"
    ]


def test_what_could_not_be_read_is_named() -> None:
    """It is the reason why nobody can tell."""
    report = report_of_step(0)
    change = unlike(report.paths[0], Turn.UNCERTAIN, PathVerdict.UNKNOWN, ("ec2:DescribeSubnets",))

    assert told(report, (change,)) == [
        "04:46:21Z  +5 s  uncertain: api:pzhujlpt over IPv4 from subnet-c3eb8c3d1646d0309",
        "  ○ not read: ec2:DescribeSubnets",
    ]


def test_changes_fit_eighty_columns_without_broken_ids() -> None:
    """Whole ids stay on one line."""
    report = report_of_step(0)
    lines = told(report, path_changes((), report.paths), width=80)

    assert max(map(len, lines)) <= 80
    assert any("subnet-c3eb8c3d1646d0309," in line for line in lines)


def test_targets_that_fare_alike_are_told_together() -> None:
    """A check without targets has many; one that fares otherwise from a subnet stands alone."""
    report = report_of_step(3)
    ipv4 = tuple(path for path in report.paths if path.key.family is Family.IPV4)
    more = tuple(replace(p, key=replace(p.key, target="service:s3")) for p in ipv4)
    alone = (replace(ipv4[0], key=replace(ipv4[0].key, target="service:sts")),)
    targets = tuple(
        replace(report.targets[0], id=name, given=name) for name in ("service:s3", "service:sts")
    )

    headings = told(
        replace(report, targets=(*report.targets, *targets)),
        path_changes((), (*ipv4, *more, *alone)),
        width=160,
    )[::2]

    assert headings == [
        f"04:46:21Z  +5 s  blocked: api:pzhujlpt, service:s3 over IPv4 from {SUBNETS}",
        "04:46:21Z  +5 s  blocked: service:sts over IPv4 from subnet-c3eb8c3d1646d0309",
    ]


def test_table_says_how_much_is_in_the_way() -> None:
    """A row for each target and subnet."""
    report = report_of_step(1)
    grid = narrate_state(report.sources, report.targets, report.paths)

    assert [line.plain for line in text_lines((grid,), width=80)] == [
        "",
        "target        from                      IPv4          IPv6",
        "api:pzhujlpt  subnet-c3eb8c3d1646d0309  blocked by 1  blocked by 3",
        "api:pzhujlpt  subnet-659e7c720b943e05b  blocked by 1  blocked by 3",
    ]


def test_table_falls_back_to_what_the_probe_met() -> None:
    """Where the configuration knows no reason; a family that was not asked is a dash."""
    report = report_of_step(0)
    path = unlike(report.paths[0], Turn.CLOSED, PathVerdict.BLOCKED, ()).path
    other = replace(report.paths[1], key=replace(report.paths[1].key, source="elsewhere"))

    grid = narrate_state(report.sources[:1], report.targets, (path, other))

    assert [cell.text for cell in grid.rows[0].cells] == ["timeout", "-"]
