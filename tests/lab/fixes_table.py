"""Every fault, and what proves its fix: a test in the lab, or why there is none.

``PROVED`` are the findings whose fix is run as it is printed, after which packets pass.
``NOT_IN_THE_LAB`` have a fix that the lab cannot carry, ``BESIDE`` share their paths with a fault
whose fix is offered, and ``NO_CHANGE`` are mended by something else than a change of the account's
network: each with the reason.
"""

from __future__ import annotations

from types import ModuleType

from tests.lab import (
    test_ways_out_of_endpoints,
    test_ways_out_of_families,
    test_ways_out_of_filters,
    test_ways_out_of_joints,
    test_ways_out_of_names,
    test_ways_out_of_policies,
    test_ways_out_of_routing,
)
from tests.lab.mending import Mend

MODULES: tuple[ModuleType, ...] = (
    test_ways_out_of_routing,
    test_ways_out_of_joints,
    test_ways_out_of_filters,
    test_ways_out_of_families,
    test_ways_out_of_names,
    test_ways_out_of_endpoints,
    test_ways_out_of_policies,
)
CASES: tuple[Mend, ...] = tuple(case for module in MODULES for case in module.CASES)
BY_HAND = {
    "sdk-not-dualstack": (
        test_ways_out_of_families.test_dual_stack_name_of_a_service_answers_where_the_plain_one_does_not
    )
}
"""Findings whose fix is nothing that a command could do, with the test that shows it opens."""
PROVED = {case.finding for case in CASES} | set(BY_HAND)

NOT_IN_THE_LAB = {
    "nat-failed-or-pending": "no NAT gateway fails in the lab; the fix is that of NP105",
    "public-alb-sg-rejects-nat": "the lab has no load balancers; the fix is a rule, as for NP208",
    "endpoint-policy-org-blocks-aws-bucket": "the lab has none of AWS's own buckets; the fix is a "
    "statement, as for NP604",
    "central-endpoint-zone-not-associated": "a check reads the zones of the VPCs it is asked "
    "about only, so this is found in evidence of several; the fixes are those of NP601",
}

BESIDE = {
    "execute-api-default-endpoint-disabled": "the endpoint was switched off on purpose: call the "
    "custom domain name",
    "function-timeout-masks-error": "the client's own time limit; what it hides has its fix",
}

_POLICY = "policies of roles and organisations are for people: netprobe says what is missing"
_CLIENT = "the client's code or settings"
_CAPACITY = "load, not configuration: nothing to change that a trace could prove"
_FAR_END = "the far end's, which is reached"
_FUNCTION = "the function's making, not its network"
_NOTHING_WRONG = "says what netprobe does not know"

NO_CHANGE = {
    "nat-instance-broken": "what an instance does with the packets it is given is its software's, "
    "which no trace proves",
    "vpc-cidr-public-range": "a VPC keeps its addresses: move out of it, or use IPv6",
    "eip-on-lambda-eni": "it works until Lambda replaces the interface; subnets that fail beside "
    "it have the fix of NP101",
    "network-firewall-drop": "what a firewall lets pass is for people",
    "network-firewall-asymmetric": "where inspection belongs is the network's design",
    "nat-port-exhaustion": _CAPACITY,
    "nat-idle-350s": "the client has to keep the connection alive",
    "third-party-no-aaaa": "nobody but the far end can give it IPv6; the way out over IPv4 is "
    "offered with the finding about IPv4",
    "execute-api-endpoint-hides-aaaa": "only clients without IPv4 fail; the address type of an "
    "endpoint is not in the change language",
    "private-ipv6-to-internet": "a subnet's block has to be taken from all in it first",
    "private-zone-shadow": "what the record should say, only the zone's owner knows",
    "dns-firewall-block": "what DNS Firewall lets pass is for people",
    "private-dns-conflict": "one name has one owner: call the endpoint by its own names",
    "private-api-host-header-missing": _CLIENT,
    "private-custom-domain-no-association": "who may use a private name is its owner's to say",
    "ws-manage-connections-iam": _POLICY,
    "ipv6-source-not-allowlisted": "the far end's list, or that of a policy",
    "tls-hostname-mismatch": "a certificate, or another name to call",
    "api-custom-domain-ipv4-only": "the record of the name has to change with it, in a zone that "
    "is its owner's",
    "tls-mtls-required": "the client's certificate",
    "tls-policy-mismatch": "the client's TLS library, or the far end's policy",
    "api-missing-auth-token": _CLIENT,
    "ws-wrong-endpoint-path": _CLIENT,
    "ws-stale-connection-410": _CLIENT,
    "target-refuses-connection": _FAR_END,
    "proxy-misconfigured": _CLIENT,
    "dns-eni-throttle": _CAPACITY,
    "management-api-default-host": _CLIENT,
    "ws-sdk-no-timeout": _CLIENT,
    "node-happy-eyeballs-250ms": _CLIENT,
    "hyperplane-eni-capacity": _CAPACITY,
    "frozen-keepalive-socket": _CLIENT,
    "subnet-ip-exhausted": "subnets keep their size: give the function other ones",
    "eni-limit": "a quota of the account",
    "function-pending-or-inactive": "time mends it",
    "role-lacks-eni-permissions": _POLICY,
    "eni-cleanup-blocked": _FUNCTION,
    "pmtu-blackhole": "which hop loses the message, configuration does not show",
    "clock-skew-after-thaw": _CLIENT,
    "smtp-port-25": "use another port; AWS opens this one on request only",
    "vpc-encryption-control": "an exclusion that the VPC's owner decides about",
    "model-disagreement": _NOTHING_WRONG,
    "unread-configuration": _NOTHING_WRONG,
    "unexplained-failure": _NOTHING_WRONG,
}


_PROOF = (
    "For each of these a test makes the fault in the lab, sees the packets fail, runs the AWS CLI "
    "commands of the fix as they are printed, and sees the packets pass."
)


def write_page(faults: dict[str, str]) -> str:
    """Return the document: for every finding, by its code, the fix that is proved or the reason.

    ``faults`` are codes by name, in the order of codes.
    """
    reasons = NOT_IN_THE_LAB | BESIDE | NO_CHANGE
    proved = [f"| {code} | `{name}` | {_fixes(name)} |" for name, code in faults.items()
              if name in PROVED]  # fmt: skip
    others = [f"| {code} | `{name}` | {reasons[name]} |" for name, code in faults.items()
              if name in reasons]  # fmt: skip
    return "\n".join(
        (
            "# Findings and their fixes",
            "",
            "This page is made by the tests; `make golden` writes it again.",
            "",
            "## Proved by packets",
            "",
            _PROOF,
            "",
            "| code | finding | ways, and what their sets of changes are made of |",
            "|---|---|---|",
            *proved,
            "",
            "## Without such a proof",
            "",
            "| code | finding | why |",
            "|---|---|---|",
            *others,
            "",
        )
    )


def _fixes(name: str) -> str:
    """Return what is proved for a finding, each way once."""
    if name in BY_HAND:
        return "`dual-stack-name`: `use-dual-stack-name`, which is the client's to set"
    told = (
        f"`{case.way}`: {', '.join(f'`{item}`' for item in dict.fromkeys(case.actions))}"
        for case in CASES
        if case.finding == name
    )
    return "; ".join(dict.fromkeys(told))
