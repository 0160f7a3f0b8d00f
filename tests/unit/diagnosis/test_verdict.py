"""What a client feels decides the verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.diagnosis.clients import CLIENTS, client_for_runtime
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import judge
from netprobe.model.observation import Attempt, Outcome
from netprobe.model.report import TargetKind, Verdict
from netprobe.model.workloads import ApiKind
from tests.builders import (
    api,
    function,
    gap,
    interface,
    network_acl,
    route,
    route_table,
    security_group,
    snapshot,
    source,
    subnet,
)
from tests.name_builders import firewall_rule
from tests.unit.diagnosis.cases import (
    Seen,
    address_target,
    case_of,
    changed,
    seen,
    service_target,
    target_of,
)

OPEN_VPC = snapshot(*changed())
KEY = ("subnet-private", "api:abc123")
FINE = seen(Outcome.HTTP_ERROR, status=403)
DEAD = seen(Outcome.TIMEOUT)
CLOSED = seen(Outcome.REFUSED)
NONE = seen(Outcome.DNS_NODATA)
ALONE = seen(Outcome.NO_LOCAL_ADDRESS)
DENIED = seen(
    Outcome.HTTP_ERROR, status=403, headers={"x-amzn-errortype": "AccessDeniedException"}
)

FELT = [
    # situation, client, function's timeout, ipv4, ipv6, verdict
    ("both work", "boto3", 10, FINE, FINE, Verdict.HEALTHY),
    ("IPv6 carries, IPv4 is never tried", "boto3", 10, DEAD, FINE, Verdict.HEALTHY),
    ("Java tries dead IPv4 first and nothing else", "java", 60, DEAD, FINE, Verdict.BROKEN),
    ("boto3's patience outlasts the function", "boto3", 10, FINE, DEAD, Verdict.BROKEN),
    ("boto3 falls back in time", "boto3", 300, FINE, DEAD, Verdict.DEGRADED),
    ("node20 races", "node20", 3, FINE, DEAD, Verdict.DEGRADED),
    ("node18 tries one address", "node18", 300, FINE, DEAD, Verdict.BROKEN),
    ("a refusal costs no time", "boto3", 3, FINE, CLOSED, Verdict.HEALTHY),
    ("no AAAA is by design", "boto3", 3, FINE, NONE, Verdict.HEALTHY),
    ("no IPv6 address is by design", "boto3", 3, FINE, ALONE, Verdict.HEALTHY),
    ("IPv4 alone, and dead", "boto3", 3, DEAD, NONE, Verdict.BROKEN),
    ("nothing works", "curl", 3, DEAD, DEAD, Verdict.BROKEN),
    ("an IPv4-only client does not care", "ipv4-only", 3, FINE, DEAD, Verdict.HEALTHY),
    ("an IPv6-only client does", "ipv6-only", 3, FINE, DEAD, Verdict.BROKEN),
    ("the far end refuses", "boto3", 3, DENIED, NONE, Verdict.APPLICATION_ERROR),
]


@pytest.mark.parametrize("row", FELT, ids=[row[0] for row in FELT])
def test_dead_family_is_judged_by_the_client(
    row: tuple[str, str, int, object, object, Verdict],
) -> None:
    """Tried first without a way back in time is broken, a delay degraded, never tried healthy."""
    _, client, seconds, ipv4, ipv6, expected = row
    account = snapshot(*changed(function("fn", timeout_seconds=seconds)))
    start = source(function_name="fn")
    observations: Seen = {(*KEY, "ipv4"): ipv4, (*KEY, "ipv6"): ipv6}  # type: ignore[dict-item] # rows
    case = case_of(account, sources=(start,), observations=observations, client=client)

    assert judge(case, examine(case))[0] is expected


def test_attempts_that_end_differently_are_intermittent() -> None:
    """Whatever the first one did: a client meets the others too."""
    mixed = replace(
        FINE, attempts=(Attempt(outcome=Outcome.HTTP_ERROR), Attempt(outcome=Outcome.TIMEOUT))
    )
    observations: Seen = {(*KEY, "ipv4"): FINE, (*KEY, "ipv6"): mixed}
    case = case_of(OPEN_VPC, observations=observations)

    assert judge(case, examine(case))[0] is Verdict.INTERMITTENT


def test_an_aaaa_record_that_dns_firewall_keeps_back_is_never_tried() -> None:
    """The client is told that there is none, and goes by IPv4."""
    block = firewall_rule(1, "BLOCK", "*", query_type="AAAA")
    case = case_of(snapshot(*changed(block)))

    assert judge(case, examine(case))[0] is Verdict.HEALTHY


def test_surveyed_target_does_not_decide() -> None:
    """An isolated VPC is not broken because S3 is out of its reach."""
    case = case_of(
        snapshot(*changed(route_table(routes=(route("::/0", "eigw-1"),)))),
        (target_of(), service_target("s3", surveyed=True)),
    )

    assert judge(case, examine(case))[0] is Verdict.HEALTHY


def test_surveyed_targets_decide_when_there_are_no_others() -> None:
    """With nothing else to ask about, looking around is the question."""
    case = case_of(
        snapshot(*changed(route_table(routes=()))), (service_target("s3", surveyed=True),)
    )

    assert judge(case, examine(case))[0] is Verdict.BROKEN


def test_denied_read_is_unknown_and_names_the_action() -> None:
    """What could not be read is neither open nor closed."""
    account = snapshot(*changed(gone=("acl-1",)), gaps=(gap("ec2:DescribeNetworkAcls"),))
    case = case_of(account)

    verdict, sentence = judge(case, examine(case))

    assert verdict is Verdict.UNKNOWN
    assert "allow ec2:DescribeNetworkAcls" in sentence


def test_denied_read_is_no_verdict_even_where_a_block_is_certain() -> None:
    """What was not read may hold more; the sentence says what is certain all the same."""
    ipv4_only = api("abc123", ApiKind.WEBSOCKET, ip_address_type="ipv4")
    account = snapshot(
        *changed(route_table(routes=()), ipv4_only, gone=("acl-1",)),
        gaps=(gap("ec2:DescribeNetworkAcls"),),
    )
    case = case_of(account)

    verdict, summary = judge(case, examine(case))

    assert verdict is Verdict.UNKNOWN
    assert "allow ec2:DescribeNetworkAcls" in summary
    assert "Certain already: IPv4: no IPv4 route" in summary


SENTENCES = [
    (changed(), "@connections of WebSocket API abc123 can be reached over IPv4 and IPv6"),
    (
        changed(route_table(routes=())),
        (
            "@connections of WebSocket API abc123 cannot be reached: IPv4: no IPv4 route; "
            "IPv6: no IPv6 route"
        ),
    ),
]


@pytest.mark.parametrize(("resources", "expected"), SENTENCES)
def test_sentence_can_be_pasted(resources: tuple[object, ...], expected: str) -> None:
    """One line: what, over which family, and why."""
    case = case_of(snapshot(*resources))

    assert judge(case, examine(case))[1] == expected


@pytest.mark.parametrize(
    ("client", "says"),
    [("boto3", "boto3 waits 60 s an address for IPv6 first"), ("node20", None)],
)
def test_sentence_tells_who_waits_and_how_long(client: str, says: str | None) -> None:
    """A function with time enough gets through in the end, and a client that races at once."""
    observations = {(*KEY, "ipv4"): FINE, (*KEY, "ipv6"): DEAD}
    account = snapshot(*changed(), function(timeout_seconds=900))
    case = case_of(account, observations=observations, client=client)
    _, summary = judge(case, examine(case))

    assert (says or "waits 0.25 s for IPv6 first") in summary


def test_sentence_blames_no_target_for_what_another_one_lacks() -> None:
    """Targets that fail alike are told together, the others with their own reason."""
    shut = interface("eni-db", "10.0.1.60", group_ids=("sg-db",))
    account = snapshot(*changed(route_table(routes=())), shut, security_group("sg-db"))
    targets = [
        address_target("198.51.100.10", id="out"),
        address_target("198.51.100.11", id="far"),
        address_target("10.0.1.60", id="db", port=5432),
    ]
    case = case_of(account, targets)
    _, summary = judge(case, examine(case))

    assert summary == (
        "https://198.51.100.10/ and 1 other target cannot be reached: IPv4: no IPv4 route. "
        "https://10.0.1.60/: IPv4: target group closed"
    )


def test_sentence_of_a_subnet_that_is_cut_off_promises_no_second_try() -> None:
    """Waiting does not help where no family works, so the sentence says from where it does."""
    cut_off = subnet("subnet-other", ipv4="10.0.7.0/24", ipv6="2001:db8:1:7::/64")
    account = snapshot(
        *changed(
            cut_off,
            route_table("rtb-other", subnets=("subnet-other",)),
            network_acl("acl-2", subnets=("subnet-other",)),
        )
    )
    sources = (source(function_name=None), source("subnet-other", function_name=None))
    case = case_of(account, sources=sources)

    verdict, summary = judge(case, examine(case))

    assert verdict is Verdict.DEGRADED
    assert "can be reached from some subnets only" in summary


RUNTIMES = [
    ("python3.13", "boto3"), ("nodejs18.x", "node18"), ("nodejs22.x", "node20"),
    ("java21", "java"), ("provided.al2023", "go"), (None, "boto3"),
]  # fmt: skip


@pytest.mark.parametrize(("runtime", "name"), RUNTIMES)
def test_runtime_tells_the_client(runtime: str | None, name: str) -> None:
    """A function's runtime is the best guess at its client."""
    assert client_for_runtime(runtime) is CLIENTS[name]


@pytest.mark.parametrize(
    ("kind", "verdict"), [(TargetKind.UDP, Verdict.UNKNOWN), (TargetKind.NTP, Verdict.BROKEN)]
)
def test_silence_proves_nothing_of_udp(kind: TargetKind, verdict: Verdict) -> None:
    """A clock answers whoever asks rightly; nobody knows what else a port wants to hear."""
    target = target_of(kind=kind, path=None, payload="00")
    case = case_of(OPEN_VPC, (target,), observations={(*KEY, "ipv4"): DEAD, (*KEY, "ipv6"): DEAD})
    found, summary = judge(case, examine(case))

    assert found is verdict
    assert ("proves nothing" in summary) is (verdict is Verdict.UNKNOWN)


PARTNER = target_of(
    host="partner.example.com", kind=TargetKind.HTTPS, api_id=None, path="/", id="partner"
)


def test_name_that_may_have_no_aaaa_record_is_not_said_to_be_reached() -> None:
    """IPv6 is open and the only way; whether the name has an address there nobody looked up."""
    case = case_of(snapshot(*changed(route_table(routes=(route("::/0", "eigw-1"),)))), (PARTNER,))
    verdict, summary = judge(case, examine(case))

    assert verdict is Verdict.UNKNOWN
    assert "whether partner.example.com has an IPv6 address is not known" in summary


def test_name_that_may_have_no_aaaa_record_is_reached_where_ipv4_is_open_too() -> None:
    """Whichever records it has, one of them leads there."""
    case = case_of(OPEN_VPC, (PARTNER,))

    assert judge(case, examine(case))[0] is Verdict.HEALTHY
