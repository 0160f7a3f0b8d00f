"""A set of changes in the three languages people keep their networks in."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.fixes.aws_cli import write_aws_cli
from netprobe.fixes.cloudformation import write_cloudformation
from netprobe.fixes.terraform import write_terraform
from netprobe.model.changes import Change
from netprobe.model.fix import Commands
from netprobe.model.snapshot import Snapshot


def write_commands(changes: Iterable[Change], snapshot: Snapshot) -> Commands:
    """Return the changes as commands and configuration for the snapshot's region."""
    made = tuple(changes)
    return Commands(
        aws_cli=write_aws_cli(made, snapshot.region),
        terraform=write_terraform(made),
        cloudformation=write_cloudformation(made),
    )
