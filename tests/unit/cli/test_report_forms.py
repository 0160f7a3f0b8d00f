"""The forms of a report on the command line: which there are, where, and what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.cli.check_options import CheckOptions
from netprobe.cli.check_run import report_text, run
from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import Format
from netprobe.cli.standing_run import run_deploy, run_destroy
from tests.recorded import RECORDINGS, report_of_scenario

STARTS = {
    Format.TEXT: "intermittent: REST API ghi789rest can be reached from some subnets only",
    Format.JSON: '{\n  "schema": "netprobe.report/1"',
    Format.MARKDOWN: "## netprobe: intermittent\n",
    Format.HTML: "<!DOCTYPE html>\n",
    Format.JUNIT: "<?xml version='1.0' encoding='utf-8'?>\n<testsuites",
}


@pytest.mark.parametrize("form", Format)
def test_each_form_is_written(form: Format) -> None:
    """A form that can be asked for is there."""
    text = report_text(report_of_scenario("S04"), form, Streams.test(width=100), verbose=False)

    assert text.startswith(STARTS[form])


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.HTML, Format.JUNIT])
def test_a_snapshot_is_judged_in_each_form(form: Format, tmp_path: Path) -> None:
    """The file has the report, stdout nothing, and the exit code is that of the verdict."""
    recorded = json.loads((RECORDINGS / "S04.json").read_text(encoding="utf-8"))
    saved, written = tmp_path / "vpc.json", tmp_path / "report"
    saved.write_text(json.dumps(recorded["raw"]), encoding="utf-8")
    streams = Streams.test()
    options = CheckOptions(
        vpc=recorded["vpc_id"],
        targets=("https://ghi789rest.execute-api.us-east-1.amazonaws.com/prod/health",),
        snapshot=saved,
        format=form,
        output=written,
    )

    assert run(options, streams) is ExitCode.NOT_HEALTHY
    assert streams.out.getvalue() == ""  # type: ignore[attr-defined]
    text = written.read_text(encoding="utf-8")
    assert "NP109" in text
    assert text.startswith(STARTS[form].partition("intermittent")[0])


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.HTML, Format.JUNIT])
def test_a_plan_has_no_form_of_reports(form: Format) -> None:
    """Said before anything is asked of AWS."""
    options = CheckOptions(vpc="vpc-1", dry_run=True, format=form)
    commands = (
        lambda streams: run(options, streams),
        lambda streams: run_deploy(options, streams),
        lambda streams: run_destroy(options, wait_seconds=0, streams=streams),
    )
    for command in commands:
        streams = Streams.test()
        assert command(streams) is ExitCode.USAGE
        said = streams.err.getvalue()  # type: ignore[attr-defined]
        assert said.startswith(f"error[no-such-form]: --format {form} is for reports")
