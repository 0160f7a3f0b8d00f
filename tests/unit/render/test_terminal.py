"""What every text report keeps to, whatever it says; the words themselves are golden files."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from netprobe.model.addresses import Family
from netprobe.model.observation import (
    NameAnswer,
    Outcome,
    Sandbox,
    SeenName,
    Stage,
    StageName,
)
from netprobe.model.report import CleanUp, ClientHabit, ClientOutcome, Report
from netprobe.render.blocks import Block, Line
from netprobe.render.json_v1 import to_json
from netprobe.render.terminal import render_blocks, render_terminal
from tests.builders import gap, route_table, snapshot
from tests.recorded import report_of_scenario
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import case_of, changed, seen, target_of

HOSTILE = "\x1b[2J\x1b]0;owned\x07[bold]\u202ereversed\nsecond line"


def hostile_report() -> Report:
    target = target_of(given=HOSTILE)
    key = ("subnet-private", target.id, "ipv4")
    refusal = seen(Outcome.HTTP_ERROR, status=403, headers={"x-amzn-errortype": HOSTILE})
    case = case_of(snapshot(*changed()), (target,), observations={key: refusal})
    report = report_of(case, remarks=(HOSTILE,))
    said = NameAnswer(
        server=HOSTILE, family=Family.IPV4, outcome=Outcome.REACHABLE, addresses=(f"{HOSTILE}2",)
    )
    name = SeenName(
        host=HOSTILE, getaddrinfo=(HOSTILE,), error=HOSTILE, sources={HOSTILE: HOSTILE},
        because=HOSTILE, answers=(said,),
    )  # fmt: skip
    sandbox = Sandbox(
        source_id=HOSTILE, interfaces={HOSTILE: [HOSTILE]}, resolvers=(HOSTILE,), names=(name,)
    )
    habit = ClientHabit(
        source=HOSTILE, target=HOSTILE, client=HOSTILE, tries=(), outcome=ClientOutcome.DEAD
    )
    (path, *others) = report.paths
    assert path.observation is not None
    stage = Stage(stage=StageName.CONNECT, outcome=Outcome.RESET, milliseconds=1.0, error=HOSTILE)
    spoilt = replace(path, observation=replace(path.observation, stages=(stage,)))
    return replace(
        report,
        summary=f"{report.summary} {HOSTILE}",
        paths=(spoilt, *others),
        sandboxes=(sandbox,),
        clients=(habit,),
        gaps=(gap(HOSTILE),),
        clean_up=CleanUp(created=(HOSTILE,), left=(HOSTILE,)),
    )


@pytest.mark.parametrize("verbose", [False, True])
def test_hostile_text_changes_nothing_but_itself(verbose: bool) -> None:  # noqa: FBT001 # a parameter
    """Nothing that AWS or a far end says acts on the terminal, and markup stays text."""
    text = render_terminal(hostile_report(), verbose=verbose)

    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold]" in text
    assert "\nsecond line" not in text


def test_hostile_text_reaches_every_block_of_a_verbose_report() -> None:
    """The test above would say little if a block had been left out of it."""
    text = " ".join(render_terminal(hostile_report(), verbose=True, width=10_000).split())

    for before in ("clients at ", "addresses of ", "asks for names at ", "packet connect: ", "·"):
        assert before in text
    for words in (" says of \\u001b", "(from \\u001b", "reset in 1 ms \\u001b", "allow "):
        assert words in text
    assert "still in the account" in text


def test_hostile_text_is_escaped_in_json_too() -> None:
    """Whoever prints the document raw is not harmed by it."""
    text = to_json(hostile_report())

    assert text.isprintable() or text.replace("\n", "").isprintable()
    assert text.isascii()


def test_ascii_report_is_ascii() -> None:
    """Not one byte above 127 reaches a pipe that cannot take it."""
    assert render_terminal(report_of_step(0), ascii=True, verbose=True).isascii()


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit_the_terminal(step: int, width: int) -> None:
    """Only a single word that is longer than the line sticks out, such as an id or a URL."""
    for line in render_terminal(report_of_step(step), width=width).splitlines():
        assert len(line) <= width or len(line.split()) <= 2, line


@pytest.mark.parametrize("width", [20, 60, 80])
def test_ids_are_never_broken(width: int) -> None:
    """However narrow, an id can be copied."""
    report = report_of_step(0)
    text = render_terminal(report, width=width)

    for source in report.sources:
        assert source.subnet_id in text
    for finding in report.findings:
        assert all(item.resource_id in text for item in finding.evidence)


def test_colour_only_where_asked_for() -> None:
    """A terminal gets red and bold, a pipe gets none."""
    assert "\x1b[1;31mbroken:" in render_terminal(report_of_step(0), colour=True)
    assert "\x1b" not in render_terminal(report_of_step(0))


def test_notes_are_one_line_each_unless_verbose() -> None:
    """What no client feels does not crowd out what it does."""
    short = render_terminal(report_of_step(4))
    full = render_terminal(report_of_step(4), verbose=True)

    assert "NP103" in short
    assert "because a packet that no route matches" not in short
    assert "because a packet that no route matches" in full


def test_class_of_subnets_says_how_many_it_stands_for() -> None:
    """One member was probed for all."""
    account = snapshot(*changed(route_table(routes=())))
    case = case_of(account)
    stands_for_three = replace(
        case.sources[0], represents=("subnet-private", "subnet-b", "subnet-c")
    )
    text = render_terminal(report_of(replace(case, sources=(stands_for_three,))))

    assert "subnet-private (+2)" in text


def test_a_command_that_is_broken_is_still_one_command() -> None:
    """Every line but the last says that it goes on, and nothing inside quotes is broken."""
    command = 'aws ec2 create-route --tags \'{"a name": "two words"}\' --gateway-id "$IGW x" --end'
    block = Block(heading="run", lines=(Line(text=command, command=True),))

    text = render_blocks((block,), width=30, colour=False, ascii=False)
    *first, last = text.splitlines()[1:]

    assert all(line.endswith(" \\") for line in first)
    joined = " ".join([*(line.removesuffix("\\").strip() for line in first), last.strip()])
    assert shlex.split(joined) == shlex.split(command)
    assert len(first) > 1


def test_a_target_too_long_for_its_column_stands_over_all_its_rows() -> None:
    """It is said once, and the column is no wider for it."""
    shown = render_terminal(report_of_scenario("S04"), width=80)
    url = "https://ghi789rest.execute-api.us-east-1.amazonaws.com/prod/health"
    grid = shown.split("\n\n")[1].splitlines()

    assert grid[0].startswith("target  from")
    assert grid[1] == url
    assert [line.split()[0].partition("-")[0] for line in grid[2:]] == ["subnet", "subnet"]
