"""``netprobe demo`` where no packet can be sent: the recording, through the same analysis."""

from __future__ import annotations

import io
import json
from pathlib import Path

from netprobe.cli.console import Streams
from netprobe.cli.demo_run import DemoOptions, run
from netprobe.cli.options import PlainFormat
from netprobe.lab import story
from tests.reports import recording


def replay(*, verbose: bool = False) -> tuple[int, str]:
    streams = Streams.test()
    code = run(DemoOptions(replay=True, verbose=verbose), streams)
    assert isinstance(streams.out, io.StringIO)
    assert isinstance(streams.err, io.StringIO)
    assert streams.err.getvalue() == ""
    return code, streams.out.getvalue()


def test_replay_says_so_first_and_ends_well() -> None:
    """Nobody takes the recording for a live run."""
    code, text = replay()

    assert code == 0
    assert text.splitlines()[0] == "Replayed from a recording, no packets sent: asked to."
    assert "@connections answers over IPv6: 2001:db8:" in text


def test_each_step_says_what_changed_and_what_is_still_in_the_way() -> None:
    """Fewer causes after each fix, down to none."""
    _, text = replay()
    steps = text.split("\nFix ")[1:]

    assert len(steps) == len(story.STEPS) == 4
    remaining = [step.count("still in the way: ") for step in steps]
    assert remaining == [3, 2, 1, 0]
    for step, part in zip(story.STEPS, steps, strict=True):
        assert step.title in part
        assert "  $ aws " in part
        assert "{" not in part.replace("[{CidrIpv6=::/0}]", "")


def test_lines_fit_and_commands_can_be_pasted() -> None:
    """In 80 columns no word is broken: a command goes on in the next line, as the shell has it."""
    _, text = replay()
    told = text.split("\nFix ", 1)[1]

    assert all(len(line) <= 80 or len(line.split()) == 1 for line in told.splitlines())
    assert " \\\n      --destination-ipv6-cidr-block ::/0" in told


def test_families_fare_in_the_words_of_the_report() -> None:
    """Not in those of a probe."""
    _, text = replay()

    assert "checked again: healthy; IPv4 timeout, IPv6 works 403\n" in text
    assert text.count("checked again: broken; IPv4 timeout, IPv6 no AAAA record\n") == 3
    assert "http-error" not in text.split("\nFix ", 1)[1]


def test_recording_is_of_the_story_as_it_is_now() -> None:
    """One check before the first step and one after each."""
    assert len(recording()["checks"]) == len(story.STEPS) + 1


def test_verbose_shows_the_last_report_whole() -> None:
    """Hops and stages of both witnesses."""
    _, text = replay(verbose=True)

    assert "egress-only-internet-gateway eigw-" in text
    assert "packet handshake: ok in" in text


def test_json_is_one_document_of_every_report() -> None:
    """With the fix before each, and why no packet was sent."""
    streams = Streams.test()

    code = run(DemoOptions(replay=True, form=PlainFormat.JSON), streams)

    assert isinstance(streams.out, io.StringIO)
    told = json.loads(streams.out.getvalue())
    assert (code, told["replayed"]) == (0, "asked to")
    assert [item.get("fix") for item in told["checks"]] == [None, *(i.title for i in story.STEPS)]
    assert [item["report"]["verdict"] for item in told["checks"]] == ["broken"] * 4 + ["healthy"]
    assert all(item["commands"] for item in told["checks"][1:])


def test_story_can_be_written_to_a_file(tmp_path: Path) -> None:
    """The same words as on stdout, apart from the time it took."""
    streams, place = Streams.test(), tmp_path / "story.txt"

    assert run(DemoOptions(replay=True, output=place), streams) == 0

    assert isinstance(streams.out, io.StringIO)
    assert streams.out.getvalue() == ""
    assert place.read_text("utf-8").splitlines()[:-1] == replay()[1].splitlines()[:-1]
