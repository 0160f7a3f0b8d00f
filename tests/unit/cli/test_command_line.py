"""Words that are no command line are one line on stderr, with the nearest that would be."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from netprobe.cli.app import app

MISUSED = [
    (
        "check --format htlm",
        "'htlm' is none of text, json, markdown, html, junit; did you mean ht",
    ),
    ("iam-policy probr", "'probr' is none of read-only, probe, probe-role; did you mean probe?"),
    ("iam-policy xxxxxxxxxx", "probe-role; netprobe iam-policy --help tells more"),
    ("chek", "no such command 'chek'; did you mean 'check'?"),
    ("check --fromat json", "no such option: --fromat; did you mean --format?"),
    (
        "check --timeout soon",
        "invalid value for '--timeout': it has to be a valid number; netprobe",
    ),
    ("check --timeout 900", "'--timeout': it has to be less than or equal to 60; netprobe check"),
    ("diff a.json", "missing argument 'B'; netprobe diff --help tells more"),
    ("lab serv", "did you mean 'serve'?"),
    ("explain a b", "unexpected extra argument"),
    ("--show-completion zhs", "no completion for the shell 'zhs'; known: bash, zsh"),
    ("--install-completion zsh", "keep what netprobe --show-completion zsh prints"),
]


@pytest.mark.parametrize(("line", "expected"), MISUSED, ids=[line for line, _ in MISUSED])
def test_misuse_is_one_line(line: str, expected: str) -> None:
    """Exit code 2, nothing on stdout, no word of the library's own."""
    shown = CliRunner().invoke(app, line.split(), prog_name="netprobe")

    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith("error[bad-command-line]: ")
    assert shown.stderr.count("\n") == 1
    assert expected in shown.stderr
    assert "Value error" not in shown.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_that_of_the_shell_that_is_named(
    shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of the shell around it, and for the program by its own name."""
    monkeypatch.setenv("_NETPROBE_COMPLETE", "")  # so that what is set is unset in the end
    shown = CliRunner().invoke(app, ["--show-completion", shell], prog_name="python -m netprobe")

    assert shown.exit_code == 0
    assert f"_NETPROBE_COMPLETE=complete_{shell} " in shown.output
    assert "-m netprobe" not in shown.output
