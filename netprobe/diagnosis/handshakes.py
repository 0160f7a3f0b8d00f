"""Handshakes that failed after the connection was made, with what the server showed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.diagnosis.case import Case
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from netprobe.model.report import Path, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedHandshake:
    """One path whose TLS, or first request after it, came to an end."""

    path: Path
    certificate_names: tuple[str, ...] = ()
    """Those of a certificate that the client refused."""
    alert: str = ""
    """As OpenSSL writes what the server sent: ``TLSV1_ALERT_PROTOCOL_VERSION``."""
    error: str = ""

    @property
    def said(self) -> str:
        """Return what ended it."""
        return self.alert or self.error or "TLS fails"


def failed_handshakes(case: Case) -> Iterator[tuple[Target, list[FailedHandshake]]]:
    """Yield the failed handshakes by target; silence is none, a firewall may be behind it."""
    groups: dict[str, list[FailedHandshake]] = defaultdict(list)
    for path in case.failing():
        stage = _failed_stage(path.observation)
        if stage is not None:
            groups[path.key.target].append(
                FailedHandshake(
                    path=path,
                    certificate_names=tuple(stage.detail.get("certificate_names", ())),
                    alert=str(stage.detail.get("alert", "")),
                    error=stage.error or "",
                )
            )
    for target in case.targets:
        if target.id in groups:
            yield target, groups[target.id]


def _failed_stage(seen: Observation | None) -> Stage | None:
    """Return the handshake that failed, or the request after it that was hung up on.

    With TLS 1.3 the server's alert about a client's certificate comes after the handshake.
    """
    if seen is None or seen.outcome not in {Outcome.TLS_FAILED, Outcome.RESET}:
        return None
    handshake, request = seen.stage(StageName.HANDSHAKE), seen.stage(StageName.REQUEST)
    if handshake is None or handshake.outcome is not Outcome.REACHABLE:
        return handshake
    failed = request is not None and request.outcome in {Outcome.TLS_FAILED, Outcome.RESET}
    return request if failed else None
