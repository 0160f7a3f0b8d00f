"""Faults of API Gateway and of the far end fire where they are the cause, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.finding import Role
from netprobe.model.names import DomainName
from netprobe.model.observation import Observation, Outcome, Stage, StageName
from netprobe.model.report import Target, TargetKind
from netprobe.model.workloads import ApiKind, Listener, LoadBalancer
from tests.builders import api, interface, security_group, snapshot
from tests.unit.diagnosis.cases import (
    API,
    Row,
    case_of,
    changed,
    names_of,
    rows_of,
    seen,
    service_target,
    target_of,
)
from tests.unit.diagnosis.test_faults import (
    ADMITTING,
    ALLOW_ALL_RULES,
    CAPTURE,
    CAPTURE_INTERFACE,
    ISOLATED,
    NO_IPV4_OUT,
    REST_API,
)

HOST = "api.example.com"
SITE = Target(
    id="site", given="site", host=HOST, port=443, kind=TargetKind.HTTPS, path="/x", path_given=True
)
SITE_KEY = ("subnet-private", "site", "ipv4")
SITE_KEYS = [("subnet-private", "site", family) for family in ("ipv4", "ipv6")]
SOCKET_KEY = ("subnet-private", "api:abc123", "ipv4")
SOCKET_KEYS = [("subnet-private", "api:abc123", family) for family in ("ipv4", "ipv6")]
OFF = api("rest1", ApiKind.REST, stages=("prod",), default_endpoint_disabled=True)
FORBIDDEN = {"x-amzn-errortype": "ForbiddenException"}
NO_TOKEN = {"x-amzn-errortype": "MissingAuthenticationTokenException"}
REST_KEY = ("subnet-private", "api:rest1", "ipv4")
BALANCER_HOST = "internal-app-1.us-east-1.elb.amazonaws.com"


def domain(**fields: Any) -> DomainName:
    """Return a custom domain name of type ipv4 that leads to the WebSocket API."""
    defaults: dict[str, Any] = {
        "domain_name": HOST,
        "target_names": ("d-1.execute-api.us-east-1.amazonaws.com",),
        "api_ids": ("abc123",),
    }
    return DomainName(**(defaults | fields))


def hung_up(outcome: Outcome = Outcome.TLS_FAILED, error: str = "", **detail: Any) -> Observation:
    """Return an observation whose handshake failed so."""
    return Observation(
        outcome=outcome,
        stages=(
            Stage(stage=StageName.RESOLVE, outcome=Outcome.REACHABLE, milliseconds=1),
            Stage(stage=StageName.CONNECT, outcome=Outcome.REACHABLE, milliseconds=1),
            Stage(
                stage=StageName.HANDSHAKE,
                outcome=outcome,
                milliseconds=1,
                error=error,
                detail=detail,
            ),
        ),
    )


def http(status: int, headers: dict[str, str] | None = None) -> Observation:
    """Return an observation that ended with an HTTP error."""
    return seen(Outcome.HTTP_ERROR, status=status, headers=headers or {})


def site(observation: Observation, *items: Any, situation: str = "") -> Row:
    """Return the row in which the site answers so over IPv4."""
    return Row(situation, changed(*items), (SITE,), observations={SITE_KEY: observation})


def at(path: str, **fields: Any) -> Target:
    """Return the WebSocket API's target with this path."""
    return target_of(API, path=path, path_given=True, **fields)


def balancer(*ports: int) -> tuple[Any, ...]:
    """Return an internal load balancer with these listeners, and its interface."""
    return (
        LoadBalancer(
            load_balancer_arn="arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/app/1",
            name="app",
            dns_name=BALANCER_HOST,
            vpc_id="vpc-1",
            subnet_ids=("subnet-private",),
            group_ids=("sg-lb",),
            listeners=tuple(Listener(port=port, protocol="HTTPS") for port in ports),
        ),
        security_group("sg-lb", ingress=ALLOW_ALL_RULES),
        interface(
            "eni-lb", "10.0.1.90", group_ids=("sg-lb",), description="ELB app/app/1",
            requester_id="amazon-elb", owner_id="1",
        ),
    )  # fmt: skip


WRONG_NAME = hung_up(error="hostname mismatch", certificate_names=["*.other.com", "other.com"])
OLD = hung_up(alert="TLSV1_ALERT_PROTOCOL_VERSION")
VAGUE = hung_up(alert="SSLV3_ALERT_HANDSHAKE_FAILURE")
LATE = Observation(
    outcome=Outcome.RESET,
    stages=(
        Stage(stage=StageName.CONNECT, outcome=Outcome.REACHABLE, milliseconds=1),
        Stage(stage=StageName.HANDSHAKE, outcome=Outcome.REACHABLE, milliseconds=1),
        Stage(stage=StageName.REQUEST, outcome=Outcome.RESET, milliseconds=1),
    ),
)
WITHOUT_AAAA = {SITE_KEYS[0]: seen(Outcome.TIMEOUT), SITE_KEYS[1]: seen(Outcome.DNS_NODATA)}
CLOSED = seen(Outcome.REFUSED, address="203.0.113.9")

FIRES = {
    "tls-hostname-mismatch": [site(WRONG_NAME, situation="a certificate for others")],
    "api-custom-domain-ipv4-only": [
        Row(
            "the way out is IPv6",
            changed(NO_IPV4_OUT, domain()),
            (SITE,),
            observations=WITHOUT_AAAA,
        ),
    ],
    "execute-api-default-endpoint-disabled": [
        Row("configuration alone", changed(OFF), (target_of(OFF),)),
        Row(
            "an HTTP API says 404",
            changed(api("abc123", ApiKind.HTTP, default_endpoint_disabled=True)),
            (target_of(api("abc123", ApiKind.HTTP)),),
            observations={SOCKET_KEY: http(404)},
        ),
        Row("behind a missing route", changed(ISOLATED, OFF), (target_of(OFF),)),
    ],
    "tls-mtls-required": [
        site(LATE, domain(mutual_tls=True), situation="hung up on after the handshake"),
        site(hung_up(alert="TLSV13_ALERT_CERTIFICATE_REQUIRED"), situation="the alert says so"),
        Row(
            "configuration alone: a note",
            changed(domain(mutual_tls=True, ip_address_type="dualstack")),
            (SITE,),
        ),
    ],
    "tls-policy-mismatch": [
        site(OLD, situation="the version"),
        site(VAGUE, domain(security_policy="TLS_1_2"), situation="a domain name with a policy"),
    ],
    "api-missing-auth-token": [
        Row(
            "a path that was asked for",
            changed(REST_API),
            (target_of(REST_API, path="/nowhere", path_given=True),),
            observations={REST_KEY: http(403, NO_TOKEN)},
        ),
    ],
    "ws-wrong-endpoint-path": [
        Row("no stage", changed(), (at("/@connections/x"),)),
        Row(
            "another stage",
            changed(),
            (at("/dev/@connections/x"),),
            observations=dict.fromkeys(SOCKET_KEYS, http(403, FORBIDDEN)),
        ),
    ],
    "ws-stale-connection-410": [
        Row(
            "an id that was asked for",
            changed(),
            (at("/prod/@connections/abc="),),
            observations={SOCKET_KEY: http(410)},
        ),
    ],
    "target-refuses-connection": [
        site(CLOSED, situation="a reset"),
        Row(
            "a load balancer without this listener",
            changed(*balancer(8443)),
            (service_target("x", id="lb", host=BALANCER_HOST, kind=TargetKind.HTTPS),),
        ),
    ],
}

SILENT = {
    "tls-hostname-mismatch": [
        site(
            hung_up(error="self-signed", certificate_names=["*.example.com"]),
            situation="an authority that is not trusted",
        ),
        site(hung_up(error="eof"), situation="no certificate was seen"),
    ],
    "api-custom-domain-ipv4-only": [
        Row(
            "dual-stack",
            changed(NO_IPV4_OUT, domain(ip_address_type="dualstack")),
            (SITE,),
            observations=WITHOUT_AAAA,
        ),
        Row("another name", changed(NO_IPV4_OUT, domain(domain_name="b.example.com")), (SITE,),
            observations=WITHOUT_AAAA),
        Row("an API of type ipv4 has its own fault", changed(NO_IPV4_OUT, REST_API),
            (target_of(REST_API),)),
    ],
    "execute-api-default-endpoint-disabled": [
        Row(
            "the custom domain name is called",
            changed(
                domain(ip_address_type="dualstack"),
                api("abc123", stages=("prod",), default_endpoint_disabled=True),
            ),
            (SITE,),
            observations={SITE_KEY: http(403, FORBIDDEN)},
        ),
        Row(
            "packets are answered: not deployed yet",
            changed(OFF),
            (target_of(OFF),),
            observations={REST_KEY: seen(Outcome.REACHABLE)},
        ),
        Row(
            "a capture says Forbidden too",
            changed(REST_API, CAPTURE, CAPTURE_INTERFACE, ADMITTING),
            (target_of(REST_API),),
            observations={REST_KEY: http(403, FORBIDDEN)},
        ),
    ],
    "tls-mtls-required": [
        site(seen(Outcome.REACHABLE), domain(mutual_tls=True), situation="it works"),
        site(LATE, domain(), situation="no trust store"),
        site(seen(Outcome.TIMEOUT), domain(mutual_tls=True), situation="silence"),
    ],
    "tls-policy-mismatch": [
        site(VAGUE, situation="an alert that says nothing, of a stranger"),
        site(
            VAGUE,
            domain(mutual_tls=True, security_policy="TLS_1_2"),
            situation="a certificate is wanted",
        ),
        site(hung_up(Outcome.RESET), situation="reset after the ClientHello"),
    ],
    "api-missing-auth-token": [
        Row(
            "an unsigned call of @connections",
            changed(),
            observations={SOCKET_KEY: http(403, NO_TOKEN)},
        ),
        Row(
            "an unsigned call of a service",
            changed(),
            (service_target("ssm"),),
            observations={("subnet-private", "service:ssm", "ipv4"): http(403, NO_TOKEN)},
        ),
        Row(
            "a path nobody asked for",
            changed(REST_API),
            (target_of(REST_API),),
            observations={REST_KEY: http(403, NO_TOKEN)},
        ),
    ],
    "ws-wrong-endpoint-path": [
        Row("the stage is there", changed(), (at("/prod/@connections/x"),)),
        Row(
            "stages that were not read",
            changed(api("abc123", ip_address_type="dualstack")),
            (at("/dev/@connections/x"),),
        ),
        Row("a domain name's mapping", changed(domain()), (at("/x/@connections/x", host=HOST),)),
    ],
    "ws-stale-connection-410": [
        Row("netprobe's own id", changed(), observations={SOCKET_KEY: http(410)}),
        Row(
            "another refusal",
            changed(),
            (at("/prod/@connections/x"),),
            observations={SOCKET_KEY: http(403)},
        ),
    ],
    "target-refuses-connection": [
        site(seen(Outcome.TIMEOUT), situation="silence"),
        site(hung_up(Outcome.RESET), situation="reset after the connection was made"),
        Row(
            "the listener is there",
            changed(*balancer(443)),
            (service_target("x", id="lb", host=BALANCER_HOST, kind=TargetKind.HTTPS),),
        ),
    ],
}  # fmt: skip


def _found(row: Row, role: Role | None = None) -> set[str]:
    case = case_of(snapshot(*row.resources), row.targets, row.sources, row.observations)
    return names_of(case, role)


@pytest.mark.parametrize(("name", "row"), rows_of(FIRES))
def test_fault_fires(name: str, row: Row) -> None:
    """The situation that the fault is made for shows it."""
    assert name in _found(row)


@pytest.mark.parametrize(("name", "row"), rows_of(SILENT))
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in _found(row)


def test_mutual_tls_without_packets_is_a_note() -> None:
    """The function may well have a certificate."""
    assert _found(FIRES["tls-mtls-required"][-1], Role.NOTE) == {"tls-mtls-required"}


def test_disabled_endpoint_behind_a_missing_route_is_a_root_cause_too() -> None:
    """It must not come as a surprise once the route is there."""
    roots = _found(FIRES["execute-api-default-endpoint-disabled"][-1], Role.ROOT_CAUSE)

    assert roots >= {"route-v4-no-default-route", "execute-api-default-endpoint-disabled"}


def test_refusal_needs_no_other_explanation() -> None:
    """A reset has a name: it is not unexplained."""
    assert "unexplained-failure" not in _found(FIRES["target-refuses-connection"][0])
