"""What ``netprobe watch`` does once its options are read."""

from __future__ import annotations

import time

from netprobe.aws.capabilities import account
from netprobe.aws.session import open_session
from netprobe.cli.check_run import read_request
from netprobe.cli.commands.watch import WatchOptions
from netprobe.cli.console import Streams
from netprobe.cli.exit_codes import exit_code_of
from netprobe.cli.exits import ExitCode
from netprobe.cli.process import log_to, require_writable, run_command
from netprobe.cli.watch_screen import Screen, screen_for
from netprobe.errors import NetprobeError
from netprobe.model.report import CleanUp, Verdict
from netprobe.render.clean import clean
from netprobe.render.closing import clean_up_words
from netprobe.workflows.watch import Round, Watch, Watching


def run(options: WatchOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams)


def _run(options: WatchOptions, streams: Streams) -> ExitCode:
    request = read_request(options)
    require_writable(options.output)
    if options.verbose:
        log_to(streams.err)
    session = open_session(
        profile=options.profile, region=options.region, endpoint_url=options.endpoint_url
    )
    ended: BaseException | None = None
    last: Round | None = None
    with screen_for(streams, options.output, options.lines, logged=options.verbose) as screen:
        watching = Watching(
            renew=lambda: account(session, screen, wait_seconds=options.wait_seconds),
            tell=screen.tell,
            trouble=screen.trouble,
            wait=lambda seconds: _wait(screen, seconds, probing=request.probe),
            interval_seconds=options.interval_seconds,
            ended=lambda done: _is_last(options, done),
        )
        watch = Watch(request=request, watching=watching)
        try:
            last = watch.run()
        except (KeyboardInterrupt, NetprobeError) as error:
            ended = error  # what was written so far keeps its place
    _tell_what_became(watch.clean_up, streams)
    if ended is not None:
        raise ended
    return exit_code_of(last.verdict) if last else ExitCode.CANNOT


def _is_last(options: WatchOptions, done: Round) -> bool:
    if options.until_healthy and done.verdict is Verdict.HEALTHY:
        return True
    return options.rounds is not None and done.number >= options.rounds


def _wait(screen: Screen, seconds: float, *, probing: bool) -> None:
    removes = " and removes the probe" if probing else ""
    screen.step(f"next in {seconds:.0f} s; Ctrl-C ends it{removes}")
    time.sleep(seconds)


def _tell_what_became(done: CleanUp, streams: Streams) -> None:
    if not done.created:
        return
    words = clean(clean_up_words(done))
    lines = [f"{words}: {clean(item)}" for item in done.left] or [words]
    print("\n".join(lines), file=streams.err)
