"""What a failure can be by the way it looks, where the configuration is open: ranked, with a test.

Silence, a refusal, a reset and an error inside the sandbox come from different places: who drops
says nothing, who rejects answers in the far end's stead, and what never left was never sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.observation import Observation, Outcome, StageName


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One way of failing."""

    looks: str
    """How the packets failed, in a few words."""
    can_be: tuple[str, ...]
    """What it can be, the likeliest first."""
    next_test: str

    @property
    def advice(self) -> str:
        """Return the list and the test as one sentence."""
        ranked = "; ".join(f"{place}. {what}" for place, what in enumerate(self.can_be, start=1))
        return f"{self.looks} can be {ranked}; next, {self.next_test}"


_CHANGED = "a change seconds ago that has not reached the packets"

_SILENT = Fingerprint(
    looks="a silent drop before any connection",
    can_be=(
        "an inspection appliance or firewall on the way",
        "the far end's own allow-list, or a group or firewall that is not in this account",
        _CHANGED,
    ),
    next_test="read a flow log of the function's interface: ACCEPT there means it is lost later",
)
_STALLED = Fingerprint(
    looks="silence on a connection that was made",
    can_be=(
        "a firewall that lets the handshake of TCP through and drops by the name in TLS",
        "packets too long for the path, and the message that says so is filtered",
        "a far end that is busy or hangs",
    ),
    next_test="run the check again with --path-mtu, and ask for another name at the same address",
)
_REFUSED = Fingerprint(
    looks="a refusal",
    can_be=(
        "nobody listens on this port there",
        "a firewall on the way or on the far end that answers with a reset",
        "a load balancer or proxy without a listener for it",
    ),
    next_test="ask its owner what listens there, and probe a port that is known to be open",
)
_RESET_BY_NAME = Fingerprint(
    looks="a reset after the TLS ClientHello",
    can_be=(
        "a firewall that rejects this name, which the ClientHello carries in the clear",
        "a far end that serves no such name",
        "a far end that takes none of the TLS versions offered",
    ),
    next_test="ask for another name at the same address: if that one passes, names are filtered",
)
_RESET = Fingerprint(
    looks="a reset",
    can_be=(
        "a firewall that rejects",
        "a far end that hangs up on what it was asked",
        "a NAT gateway or load balancer that forgot an idle connection",
    ),
    next_test="run the check again with --attempts 5: what rejects does so every time",
)
_LOCAL = Fingerprint(
    looks="an error inside the sandbox, where nothing was sent,",
    can_be=(
        "the sandbox has an address of this family and no route",
        "a function that is not allowed IPv6, or whose interface has just been made",
        _CHANGED,
    ),
    next_test="look at the sandbox's addresses in the report, and run the check again",
)
_NO_FAMILY = Fingerprint(
    looks="an error inside the sandbox, where nothing was sent,",
    can_be=("the sandbox has no address of this family",),
    next_test="look at the sandbox's addresses in the report",
)
_TLS = Fingerprint(
    looks="a TLS handshake that fails on a connection that was made",
    can_be=(
        "a proxy or firewall that intercepts TLS with a certificate of its own",
        "a certificate for another name, because the name leads elsewhere",
        "a certificate whose authority the client does not trust",
    ),
    next_test="look at the certificate in the handshake stage: whom it names, and who signed it",
)
_NO_RESOLVER = Fingerprint(
    looks="a resolver that does not answer",
    can_be=(
        "a custom resolver of the DHCP options, or the groups and ACLs in front of it",
        "the VPC's DNS attributes",
        "too many questions: the limit is 1024 packets a second and interface",
    ),
    next_test="compare with what Amazon's resolver answers, which the probe asks as well",
)
_RESOLVER_FAILS = Fingerprint(
    looks="a resolver that says it failed",
    can_be=("a forwarding rule to a dead resolver", "DNS Firewall", "a broken zone"),
    next_test="look at the zones and resolver rules of the VPC, and ask for the name elsewhere",
)
_NO_NAME = Fingerprint(
    looks="a name that does not exist here",
    can_be=("a private hosted zone that hides it", "a forwarding rule", "a mistyped name"),
    next_test="ask for the name outside the VPC: if it is there, something inside hides it",
)
_NO_RECORD = Fingerprint(
    looks="a name without an address of this family",
    can_be=("a name that was never given one", "a private hosted zone with half of it"),
    next_test="ask for the name outside the VPC",
)
_OTHER = Fingerprint(
    looks="a failure of no known kind",
    can_be=("what the stages of the probe show",),
    next_test="run the check again with -v",
)

_BY_OUTCOME = {
    Outcome.TIMEOUT: _SILENT,
    Outcome.REFUSED: _REFUSED,
    Outcome.RESET: _RESET,
    Outcome.TLS_FAILED: _TLS,
    Outcome.UNREACHABLE: _LOCAL,
    Outcome.NO_LOCAL_ADDRESS: _NO_FAMILY,
    Outcome.DNS_TIMEOUT: _NO_RESOLVER,
    Outcome.DNS_SERVFAIL: _RESOLVER_FAILS,
    Outcome.DNS_NXDOMAIN: _NO_NAME,
    Outcome.DNS_NODATA: _NO_RECORD,
}
_LATER = {
    (Outcome.TIMEOUT, StageName.HANDSHAKE): _STALLED,
    (Outcome.TIMEOUT, StageName.REQUEST): _STALLED,
    (Outcome.RESET, StageName.HANDSHAKE): _RESET_BY_NAME,
}


def fingerprint_of(seen: Observation) -> Fingerprint:
    """Return what a failure looks like, by its outcome and the stage that met it."""
    stage = next((item.stage for item in seen.stages if item.outcome is seen.outcome), None)
    later = _LATER.get((seen.outcome, stage)) if stage else None
    return later or _BY_OUTCOME.get(seen.outcome, _OTHER)
