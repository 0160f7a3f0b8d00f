"""The words for what works: one line a way, and what each path hangs on for those who ask."""

from __future__ import annotations

from dataclasses import replace

from netprobe.fixes.passages import passages
from netprobe.fixes.savings import savings
from netprobe.model.report import Report
from netprobe.render.passages import narrate_passages
from tests.builders import snapshot
from tests.reports import report_of
from tests.unit.diagnosis.cases import case_of, changed


def report() -> Report:
    case = case_of(snapshot(*changed()))
    found = tuple(passages(case))
    return replace(report_of(case), passages=found, savings=tuple(savings(case, found)))


def test_healthy_report_says_how_it_gets_there_and_what_could_be_saved() -> None:
    """Compact: a line for each family's way, a line for each saving."""
    there, saved = narrate_passages(report(), verbose=False)

    assert there.heading == "how what works gets there"
    assert [line.text for line in there.lines] == [
        (
            "IPv4 to api:abc123: through the NAT gateway nat-1, then the internet gateway igw-1; "
            "36.50 USD a month, 0.045 USD per GB"
        ),
        "IPv6 to api:abc123: through the egress-only internet gateway eigw-1; no standing cost",
    ]
    assert saved.heading == "what could be saved"
    assert len(saved.lines) == 1


def test_verbose_report_says_what_each_path_hangs_on() -> None:
    """By the single route, rule or gateway."""
    there, _ = narrate_passages(report(), verbose=True)
    texts = [line.text for line in there.lines]

    assert "IPv6 subnet-private → api:abc123 hangs on:" in texts
    assert "  the route ::/0 -> eigw-1 in rtb-private" in texts


def test_what_was_not_examined_is_said() -> None:
    """Silence would look like nothing to fear."""
    full = report()
    cut = tuple(replace(item, depends_on=None) for item in full.passages)
    there, _ = narrate_passages(replace(full, passages=cut), verbose=True)

    assert there.lines[-1].text.endswith("what it hangs on was not examined")


def test_report_in_which_nothing_works_says_nothing_of_it() -> None:
    """No empty block."""
    nothing = replace(report(), passages=(), savings=())

    assert not list(narrate_passages(nothing, verbose=True))
