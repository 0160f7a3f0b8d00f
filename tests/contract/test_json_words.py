"""The words that version 1 of the JSON may hold, one by one: adding one is a decision.

A program that reads reports knows these. A new word goes into the list here by hand, and into the
changelog; none is ever taken out.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from netprobe.render.json_v1 import to_json
from tests.recorded import SCENARIOS, report_of_scenario

WORDS = {
    "Carrier": (
        "inside-vpc gateway-endpoint interface-endpoint nat-gateway egress-only-internet-"
        "gateway internet-gateway transit-gateway vpc-peering-connection appliance other"
    ),
    "ClientOutcome": "works slow dead refused unknown",
    "Component": (
        "function subnet network-interface security-group network-acl route-table "
        "internet-gateway egress-only-internet-gateway nat-gateway vpc-endpoint "
        "vpc-peering-connection transit-gateway transit-gateway-attachment "
        "transit-gateway-route-table vpn-gateway carrier-gateway local-gateway core-network "
        "odb-network instance load-balancer vpc block-public-access resolver api internet "
        "other"
    ),
    "Confidence": "high medium low",
    "Constancy": "always sometimes never",
    "Disposition": "delivered denied no-route blackholed left-view unknown",
    "Family": "ipv4 ipv6",
    "Half": "request reply",
    "Kept": "kept broken unknown",
    "Must": "work not-work",
    "Outcome": (
        "reachable dns-nodata dns-nxdomain dns-servfail dns-timeout no-local-address timeout "
        "refused reset unreachable tls-failed http-error not-probed"
    ),
    "Over": "ipv4 ipv6 any both",
    "PathVerdict": "works blocked refused unknown",
    "Reason": (
        "no-route blackhole-route ambiguous-route no-public-ipv4 gateway-detached "
        "private-destination private-ipv6-source nat-not-available nat-without-internet "
        "nat-private nat-protocol egress-not-allowed ingress-not-allowed entry-denies "
        "no-entry-allows some-ports-denied ipv6-not-allowed no-source-address no-ipv4-block "
        "no-ipv6-block no-address-record no-resolver endpoint-not-available no-such-address "
        "endpoint-protocol endpoint-family endpoint-from-outside api-is-private "
        "assumed-address block-public-access interface-not-usable takes-no-connections "
        "source-dest-check deny-all-igw-traffic peering-not-active not-in-peer-vpc "
        "no-attachment no-attachment-in-zone attachment-not-available not-associated "
        "zone-not-served nat64-inside-subnet reply-elsewhere forwarding-loop no-listener "
        "dns-firewall unread not-modelled"
    ),
    "Role": "root-cause contributing note",
    "Severity": "high medium low",
    "StageName": "resolve connect handshake request large-request websocket datagram",
    "TargetKind": (
        "websocket-api rest-api http-api service https http websocket tcp udp ntp dns control"
    ),
    "Verdict": "healthy degraded intermittent broken application-error unknown",
    "Way": (
        "repair gateway-endpoint interface-endpoint nat-gateway ipv6 dual-stack-name leave-vpc"
    ),
    "WayState": "fix cannot no-fix advice",
    "Witnesses": "agree disagree configuration-only packets-only",
}


def schema(name: str) -> dict[str, Any]:
    text = files("netprobe.render").joinpath(name).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


REPORT = schema("report-v1.schema.json")


@pytest.mark.parametrize("name", ["report-v1.schema.json", "flow-v1.schema.json"])
def test_the_shipped_schema_knows_these_words_and_no_others(name: str) -> None:
    """In this order too, so that a diff of the schema shows what came."""
    held = {
        key: " ".join(item["enum"])
        for key, item in schema(name)["$defs"].items()
        if "enum" in item
    }

    assert held == {key: WORDS[key] for key in held}
    if name.startswith("report"):
        assert held.keys() == WORDS.keys()


@pytest.mark.parametrize("in_detail", [False, True])
@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_every_scenario_fits_the_schema(scenario_id: str, in_detail: bool) -> None:  # noqa: FBT001 # a case
    """With every rule that was looked at, and without."""
    document = json.loads(to_json(report_of_scenario(scenario_id, in_detail=in_detail)))

    jsonschema.validate(document, REPORT)


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_keys_come_in_one_order(scenario_id: str) -> None:
    """Two reports of one account differ only where their answers do."""
    document = json.loads(to_json(report_of_scenario(scenario_id)))
    shape = REPORT["properties"]

    assert list(document) == [key for key in shape if key in document]
    for part in ("SourceV1", "TargetV1", "PathV1", "FindingV1", "FixV1"):
        keys = [*REPORT["$defs"][part]["properties"]]
        items = document[{"FixV1": "fixes"}.get(part, f"{part.removesuffix('V1').lower()}s")]
        assert all(sorted(item, key=keys.index) == list(item) for item in items), part
