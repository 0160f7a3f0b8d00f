"""What a check is asked, made whole, and refused where it contradicts itself."""

from __future__ import annotations

from dataclasses import replace

from netprobe.diagnosis.clients import require_client
from netprobe.errors import UsageError
from netprobe.workflows.expecting import targets_of
from netprobe.workflows.preparing import CheckRequest

SECONDS = (0.1, 60.0)
ATTEMPTS = (1, 100)
"""The least and the most of each; a probe that takes longer outlives its function."""


def sensible(request: CheckRequest) -> CheckRequest:
    """Return the request with what follows from it, before any call is made.

    Expectations name the targets where nobody else does, and no packet can ask about changes that
    are only assumed. Raises UsageError.
    """
    either = "give a VPC (--vpc ID) or a function (--function NAME), one of the two"
    if request.vpc_id is None and request.wanted.function is None:
        raise UsageError("nothing-to-check", "name a VPC or a function", hint=either)
    if request.vpc_id is not None and request.wanted.function is not None:
        raise UsageError("two-things-to-check", "name a VPC or a function", hint=either)
    if not request.families:
        what = "no address family is left to ask about"
        raise UsageError("no-family", what, hint="give --ipv4-only, --ipv6-only or neither")
    require_client(request.client)
    for name, value, (least, most) in (
        ("timeout_seconds", request.timeout_seconds, SECONDS),
        ("attempts", request.attempts, ATTEMPTS),
    ):
        if not least <= value <= most:
            what = f"{name} is {value}, and has to be from {least:g} to {most:g}"
            raise UsageError("bad-argument", what)
    return replace(
        request,
        targets=request.targets or targets_of(request.expectations),
        probe=request.probe and not request.assumed,
    )
