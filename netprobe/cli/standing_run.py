"""What ``netprobe deploy`` and ``netprobe destroy`` do once their options are read."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict

from netprobe.aws.capabilities import account
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.session import open_session
from netprobe.aws.standing import put_in_place, standing, take_away
from netprobe.cli.check_options import CheckOptions
from netprobe.cli.check_run import plan_text, read_request, require_plain
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.evidence_run import plan_document
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import Format
from netprobe.cli.process import log_to, require_writable, run_command, write_report
from netprobe.model.report import CleanUp
from netprobe.render.clean import clean
from netprobe.workflows.check import prepare


def run_deploy(options: CheckOptions, streams: Streams | None = None) -> ExitCode:
    """Put a probe in place and return the exit code."""
    return run_command(lambda to: _deploy(options, to), streams)


def run_destroy(
    options: CheckOptions, *, wait_seconds: float, streams: Streams | None = None
) -> ExitCode:
    """Take a standing probe away and return the exit code."""
    return run_command(lambda to: _destroy(options, wait_seconds, to), streams, unwinds=False)


def _deploy(options: CheckOptions, streams: Streams) -> ExitCode:
    request = read_request(options)
    require_plain(options.format)
    require_writable(options.output)
    if options.verbose:
        log_to(streams.err)
    session = open_session(
        profile=options.profile, region=options.region, endpoint_url=options.endpoint_url
    )
    with TerminalProgress(streams) as progress:
        prepared = prepare(request, account(session, progress))
        if options.dry_run:
            text = plan_text(plan_document(prepared), options, streams)
        else:
            runner = AwsProbeRunner(session, progress)
            done = put_in_place(session, runner, prepared.plan)
            names = [item.name for item in prepared.plan.functions]
            subnets = [item.source.subnet_id for item in prepared.plan.functions]
            if options.format is Format.JSON:
                document = {"functions": names, "subnets": subnets} | asdict(done)
                text = json.dumps(document, indent=2)
            else:
                told = _told(done, names, subnets)
                text = "\n".join((*told, *commands(options, session.region)))
    write_report(text, options.output, streams)
    return ExitCode.HEALTHY


def _told(done: CleanUp, names: list[str], subnets: list[str]) -> list[str]:
    lines = [f"created {item}" for item in done.created]
    lines += [f"removed {item}, which stood here before" for item in done.removed]
    lines += [f"left: {item}" for item in done.left]
    lines += [f"{name} stands in {subnet}" for name, subnet in zip(names, subnets, strict=True)]
    return [clean(line) for line in lines]


def commands(options: CheckOptions, region: str) -> Iterator[str]:
    """Yield how the probe is used and taken away, as it must be typed.

    To be used it is asked for by the same subnets and groups: others have another probe.
    """
    named = (
        ("--vpc", options.vpc) if options.function is None else ("--function", options.function)
    )
    places: list[str | None] = ["--all-subnets"] if options.all_subnets else []
    for option, given in (
        ("--subnet", options.subnets),
        ("--security-group", options.security_groups),
    ):
        places += [word for item in given for word in (option, item)]
    account = ["--region", region]
    for option, value in (
        ("--profile", options.profile),
        ("--endpoint-url", options.endpoint_url),
    ):
        account += [option, value] if value else []
    for says, words in (
        ("use it with", ("probe", *named, *places, *account)),
        ("take it away with", ("destroy", *named, *account)),
    ):
        yield f"{says}: {shlex.join(('netprobe', *map(str, words)))}"


def _destroy(options: CheckOptions, wait_seconds: float, streams: Streams) -> ExitCode:
    request = read_request(options)
    require_plain(options.format)
    require_writable(options.output)
    if options.verbose:
        log_to(streams.err)
    session = open_session(
        profile=options.profile, region=options.region, endpoint_url=options.endpoint_url
    )
    standing_for = request.wanted.function or request.vpc_id or ""
    with TerminalProgress(streams) as progress:
        progress.step(f"taking away what stands for {standing_for}")
        if options.dry_run:
            found = standing(session, standing_for)
            done = CleanUp(left=tuple(item.resource_id for item in found))
        else:
            done = take_away(session, standing_for, wait_seconds=wait_seconds, progress=progress)
    if options.format is Format.JSON:
        text = json.dumps(asdict(done), indent=2)
    else:
        left = "would be removed" if options.dry_run else "left"
        lines = [f"removed {item}" for item in done.removed]
        lines += [f"{left}: {item}" for item in done.left]
        lines = lines or [f"no probe stands for {standing_for}"]
        text = "\n".join(clean(line) for line in lines)
    write_report(text, options.output, streams)
    return ExitCode.CANNOT if done.left and not options.dry_run else ExitCode.HEALTHY
