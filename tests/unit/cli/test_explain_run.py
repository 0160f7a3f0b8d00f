"""``netprobe explain``."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.cli.console import Streams
from netprobe.cli.explain_run import ExplainOptions, run
from netprobe.cli.options import PageFormat
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS
from netprobe.render.error_pages import PAGES


def explain(code: str | None = None, **options: Any) -> tuple[int, str, str]:
    streams = Streams.test()
    exit_code = run(ExplainOptions(code=code, **options), streams)
    assert isinstance(streams.out, io.StringIO)
    assert isinstance(streams.err, io.StringIO)
    return exit_code, streams.out.getvalue(), streams.err.getvalue()


@pytest.mark.parametrize("given", ["NP103", "np103", "route-v4-no-default-route"])
def test_finding_by_code_or_name(given: str) -> None:
    """Either word of a report works."""
    code, out, err = explain(given)

    assert (code, err) == (0, "")
    assert out.startswith("# NP103 route-v4-no-default-route\n")


def test_error_by_its_name() -> None:
    """The word in brackets of an error line works too."""
    code, out, _ = explain("no-such-vpc")

    assert code == 0
    assert out.startswith("# no-such-vpc\n")


def test_list_has_every_finding_and_error() -> None:
    """One line each."""
    code, out, _ = explain(list_all=True)

    assert code == 0
    assert len(out.splitlines()) == len(FAULTS) + len(PAGES)


@pytest.mark.parametrize(
    ("given", "exit_code", "words"),
    [
        ("NP10", 1, "did you mean NP101?"),
        ("np3001", 1, "did you mean NP301?"),
        ("no-such-vcp", 1, "did you mean no-such-vpc?"),
        ("route-v4-no-default-rout", 1, "did you mean route-v4-no-default-route?"),
        ("qqq", 1, "netprobe explain --list"),
        ("tiemout", 1, "netprobe explain --list shows all, --search WORDS those that speak"),
        ("sdk-timeout", 1, "did you mean ws-sdk-no-timeout?"),
        (None, 2, "netprobe explain --list"),
    ],
)
def test_unknown_words_get_the_nearest(given: str | None, exit_code: int, words: str) -> None:
    """Or where to look."""
    code, out, err = explain(given)

    assert (code, out) == (exit_code, "")
    assert words in err


def test_search_lists_what_has_all_words() -> None:
    """Those that have them in their title come first."""
    code, out, _ = explain(search="ipv4 timeout")
    first, *others = out.splitlines()

    assert code == 0
    assert first.startswith("NP406  client-prefers-ipv4-dead ")
    assert any(line.startswith("NP103 ") for line in others)
    assert not any(line.startswith("NP705 ") for line in others)


def test_error_messages_lead_to_what_shows_them() -> None:
    """People paste what a log says."""
    for words, finding in (("Errno 97", "NP402"), ("ErrorPortAllocation", "NP123")):
        assert finding in explain(search=words)[1]


@pytest.mark.parametrize("given", ["forbidden-inside", "403 Forbidden VPC", "laptop"])
def test_symptom_lists_its_findings(given: str) -> None:
    """By its name or by words of it."""
    code, out, _ = explain(symptom=given)
    title, _, *rows = out.splitlines()

    assert code == 0
    assert title == "403 Forbidden from inside the VPC only (forbidden-inside)"
    assert [row[:5] for row in rows][:3] == ["NP502", "NP503", "NP516"]


@pytest.mark.parametrize(
    ("given", "symptom"),
    [
        ("connect timeout on IPv4 only", "connect-timeout-ipv4"),
        ("Connect timeout on IPv4 only.", "connect-timeout-ipv4"),
        ("connect-timeout-ipv4", "connect-timeout-ipv4"),
        ("timeout", "timeout"),
        ("403", "403"),
        ("slow", "slow"),
    ],
)
def test_what_is_seen_needs_no_option(given: str, symptom: str) -> None:
    """Whoever has no code has a symptom, in its own words."""
    assert explain(given) == explain(symptom=symptom)
    assert explain(given)[0] == 0


def test_words_that_are_no_symptom_are_searched_for() -> None:
    """As --search does."""
    assert explain("prefix list") == explain(search="prefix list")


def test_symptoms_are_listed() -> None:
    """One line each, with the name that --symptom takes."""
    code, out, _ = explain(symptoms=True)

    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [item.name for item in SYMPTOMS]


@pytest.mark.parametrize(
    ("options", "exit_code", "words"),
    [
        ({"symptom": "forbiden-inside"}, 1, "did you mean forbidden-inside?"),
        ({"symptom": "zzz"}, 1, "netprobe explain --symptoms lists them"),
        ({"symptom": " "}, 1, "no symptom ' '"),
        ({"search": "zzz"}, 1, "use fewer words"),
        ({"search": ""}, 1, "use fewer words"),
        ({"code": "NP103", "list_all": True}, 2, "alone"),
        ({"symptom": "slow", "search": "slow"}, 2, "alone"),
    ],
)
def test_what_cannot_be_found_is_said(options: dict[str, Any], exit_code: int, words: str) -> None:
    """In one line, with the next step."""
    code, out, err = explain(**options)

    assert (code, out, len(err.splitlines())) == (exit_code, "", 1)
    assert words in err


def test_forms_and_file(tmp_path: Path) -> None:
    """The file takes what would be printed, in each form."""
    for form in PageFormat:
        printed = explain("NP103", form=form)[1]
        code, out, _ = explain("NP103", form=form, output=tmp_path / form)
        assert (code, out, (tmp_path / form).read_text("utf-8")) == (0, "", printed)
    document = json.loads((tmp_path / "json").read_text("utf-8"))
    assert (document["code"], document["name"]) == ("NP103", "route-v4-no-default-route")
