"""What ``netprobe check`` does once its options are read."""

from __future__ import annotations

from netprobe.api import to_json
from netprobe.aws.archives import require_place
from netprobe.aws.capabilities import Place, capabilities_of
from netprobe.aws.evidence import load_evidence
from netprobe.cli.check_options import CheckOptions
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.evidence_run import (
    Keeping,
    Plan,
    asked_again,
    capabilities_of_evidence,
    refuse_beside_evidence,
)
from netprobe.cli.exit_codes import exit_code_of, exit_code_of_expectations
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import Format
from netprobe.cli.process import (
    log_to,
    read_lines,
    require_writable,
    run_command,
    write_report,
)
from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.report import Report
from netprobe.render.dry_run import render_plan
from netprobe.render.junit_report import render_junit
from netprobe.render.markdown import render_markdown
from netprobe.render.terminal import render_terminal
from netprobe.workflows.capabilities import Progress
from netprobe.workflows.check import Capabilities, CheckRequest, prepare
from netprobe.workflows.expectation_files import load_expectations
from netprobe.workflows.sense import sensible
from netprobe.workflows.sources import Wanted
from netprobe.workflows.what_if import read_what_if


def run(options: CheckOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams)


def _run(options: CheckOptions, streams: Streams) -> ExitCode:
    recorded = load_evidence(options.evidence) if options.evidence else None
    if recorded is not None:
        options = asked_again(options, *recorded)
    request = read_request(options)
    _require_places(options)
    if options.verbose:
        log_to(streams.err)
    keeping = Keeping(options.save_evidence, redact=options.redact)
    with TerminalProgress(streams) as progress:
        if recorded is None:
            capabilities = capabilities_for(options, request, progress)
        else:
            place, region = str(options.evidence), options.region
            capabilities = capabilities_of_evidence(*recorded, place, progress, region=region)
        if options.dry_run:
            prepared = prepare(request, capabilities)
            plan = keeping.plan(prepared, request, capabilities.source)
            text = plan_text(plan, options, streams)
            code = ExitCode.HEALTHY
        else:
            report = keeping.run(request, capabilities)
            text = report_text(report, options.format, streams, verbose=options.verbose)
            code = ExitCode.HEALTHY if options.exit_zero else _code(report)
    write_report(text, options.output, streams)
    keeping.tell(streams.err)
    return code


def _require_places(options: CheckOptions) -> None:
    """Raise NetprobeError now where something could not be written in the end."""
    if options.dry_run:
        require_plain(options.format)
    require_writable(options.output)
    if options.save_evidence is not None:
        require_place(options.save_evidence)


def _code(report: Report) -> ExitCode:
    if report.expectations:
        return exit_code_of_expectations(report.expectations)
    return exit_code_of(report.verdict)


def capabilities_for(
    options: CheckOptions, request: CheckRequest, progress: Progress
) -> Capabilities:
    """Return what the check needs, over AWS or over what was saved of it."""
    place = Place(
        snapshot=options.snapshot,
        profile=options.profile,
        region=options.region,
        endpoint_url=options.endpoint_url,
    )
    return capabilities_of(request, place, progress, wait_seconds=options.wait_seconds)


def read_request(options: CheckOptions) -> CheckRequest:
    """Return what the options ask for; raises UsageError where they contradict themselves."""
    if options.snapshot is not None and (options.keep or options.dry_run or options.role_arn):
        what = "--keep, --dry-run and --role-arn are about probes, and a snapshot sends none"
        raise UsageError("snapshot-sends-nothing", what, hint="leave --snapshot out to probe")
    if options.what_if is not None and (options.keep or options.dry_run or options.role_arn):
        what = "--keep, --dry-run and --role-arn are about probes, and no packet can ask what if"
        raise UsageError("what-if-sends-nothing", what, hint="leave --what-if out to probe")
    refuse_beside_evidence(options)
    given = options.targets
    if options.targets_file is not None:
        given += read_lines(options.targets_file)
    request = CheckRequest(
        vpc_id=options.vpc,
        wanted=Wanted(
            function=options.function,
            subnet_ids=options.subnets,
            all_subnets=options.all_subnets,
            security_group_ids=options.security_groups,
        ),
        targets=given,
        families=_families(options),
        client=options.client,
        timeout_seconds=options.timeout_seconds,
        attempts=options.attempts,
        path_mtu=options.path_mtu,
        probe=options.probe and options.what_if is None,
        assumed=read_what_if(options.what_if),
        keep=options.keep,
        standing=options.standing,
        in_detail=options.verbose or options.format is Format.HTML,
        role_arn=options.role_arn,
        expectations=() if options.expect is None else load_expectations(options.expect),
    )
    return sensible(request)


def _families(options: CheckOptions) -> tuple[Family, ...]:
    left_out = {Family.IPV6: options.ipv4_only, Family.IPV4: options.ipv6_only}
    return tuple(family for family in Family if not left_out[family])


def require_plain(form: Format) -> None:
    """Raise UsageError for the forms of reports, where there is no report."""
    if form not in {Format.TEXT, Format.JSON}:
        what = f"--format {form} is for reports, and this prints none"
        raise UsageError("no-such-form", what, hint="give --format text or json")


def report_text(report: Report, form: Format, streams: Streams, *, verbose: bool) -> str:
    """Return the report in the form asked for."""
    match form:
        case Format.MARKDOWN:
            return render_markdown(report)
        case Format.JUNIT:
            return render_junit(report)
        case Format.HTML:
            from netprobe.render.html import render_html  # noqa: PLC0415 # 50 ms that few need

            return render_html(report)
        case Format.JSON:
            return to_json(report)
        case Format.TEXT:
            return render_terminal(
                report,
                width=streams.width,
                colour=streams.colour,
                ascii=streams.ascii,
                verbose=verbose,
            )


def plan_text(plan: Plan, options: CheckOptions, streams: Streams) -> str:
    """Return what would be created, for ``--dry-run``."""
    return render_plan(plan, json=options.format is Format.JSON, width=streams.width)
