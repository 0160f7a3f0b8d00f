"""``netprobe trace`` as its users run it: a process, real dumps, files and pipes."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from netprobe.render.generated import FLOW_SCHEMA_PATH
from tests.conftest import SCRUBBED, RunningLab

ROOT = Path(__file__).parents[2]
DUMPS = ROOT / "tests" / "dumps"
SHOP = Path(__file__).parent / "shop"
"""A dual-stack VPC with a subnet each for an application, its data, the web and what was left
over, an egress-only gateway, NAT, a peering and a VPN gateway; by hand, in AWS's shapes."""
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
SHAPE = Draft202012Validator(json.loads((ROOT / FLOW_SCHEMA_PATH).read_text(encoding="utf-8")))
COMMAND = [sys.executable, "-m", "netprobe", "trace", "--snapshot"]


def run(dump: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, str(dump), *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=ENVIRONMENT,
    )


def lines_of(*flows: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(flow)}\n" for flow in flows)


def ask(dump: Path, *flows: dict[str, Any]) -> list[dict[str, Any]]:
    done = run(dump, "--flows", "-", given=lines_of(*flows))
    assert done.stderr == ""
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        SHAPE.validate(answer)
    assert [item.get("id") for item in answers] == [item.get("id") for item in flows]
    return answers


def flow(source: str, destination: str, protocol: object = "tcp", port: Any = 443, **more: Any):
    return {
        "id": f"{source} {destination}",
        "source": source,
        "destination": destination,
        "protocol": protocol,
        "port": port,
        **more,
    }


OUT4, OUT6 = "198.51.100.7", "3fff::7"
SHOP_FLOWS: list[tuple[dict[str, Any], str, list[tuple[str, str, str]]]] = [
    # to the database: both families, by reference from group to group
    (flow("i-0app", "10.20.2.10", port=5432), "delivered", []),
    (flow("i-0app", "2001:db8:20:2::10", port=5432, source_port=40000), "delivered", []),
    (
        flow("i-0app", "2001:db8:20:2::10", port=5432, source_port=2000),
        "denied",
        [("network-acl", "acl-0data", "reply")],
    ),
    (
        flow("i-0web", "10.20.2.10", port=5432),
        "denied",
        [("security-group", "sg-0db", "request")],
    ),
    (
        flow("eni-0db", "10.20.9.10", "icmp"),
        "denied",
        [
            ("security-group", "sg-0db", "request"),
            ("network-acl", "acl-0data", "request"),
            ("network-acl", "acl-0data", "reply"),
        ],
    ),
    # out: by NAT, by the egress-only gateway, by an address of its own
    (flow("eni-0app", OUT4), "delivered", []),
    (flow("10.20.1.10", OUT4), "delivered", []),
    (flow("eni-0app", OUT6), "delivered", []),
    (flow("eni-0app", OUT4, port=80), "denied", [("security-group", "sg-0app", "request")]),
    (flow("203.0.113.10", OUT4, "17", 53), "delivered", []),
    (flow("i-0web", OUT4, 47, None), "delivered", []),
    (flow("i-0app", "203.0.113.10"), "delivered", []),
    # a function fares as in its worst subnet
    (flow("function:orders", OUT4), "blackholed", [("route-table", "rtb-0main", "request")]),
    (
        flow("function:orders", OUT6),
        "no-route",
        [("subnet", "subnet-0old", "request"), ("route-table", "rtb-0main", "request")],
    ),
    # where nothing further can be seen, and what stops before that
    (flow("i-0app", "10.30.0.5"), "left-view", []),
    (flow("i-0app", "192.168.7.7"), "left-view", []),
    (
        flow("i-0app", "192.168.7.7", port=22),
        "denied",
        [("security-group", "sg-0app", "request")],
    ),
    # inside
    (flow("subnet-0web", "10.20.9.10"), "delivered", []),
    (flow("eni-0app", "i-0web"), "delivered", []),
    (
        flow("i-0app", "10.20.7.7"),
        "no-route",
        [("network-interface", "10.20.7.7", "request")],
    ),
    (flow("i-0app", "169.254.169.253", "udp", 53), "delivered", []),
]
"""Flow, disposition, and the component, resource and half of each blocker: worked out by hand."""


def test_flows_of_the_shop() -> None:
    """One process answers them all, in order."""
    answers = ask(SHOP, *(item for item, _, _ in SHOP_FLOWS))

    found = [
        (
            answer["id"],
            answer["disposition"],
            [(i["component"], i["resource_id"], i["half"]) for i in answer["blockers"]],
        )
        for answer in answers
    ]
    assert found == [(item["id"], fate, stops) for item, fate, stops in SHOP_FLOWS]


def test_path_through_nat_shows_every_thing_on_the_way() -> None:
    """There and back, with the exact rule, entry or route."""
    (answer,) = ask(SHOP, flow("eni-0app", OUT4))
    request = [
        (i["component"], i["resource_id"], i.get("entry")) for i in answer["request"]["hops"]
    ]
    reply = [(i["component"], i["resource_id"]) for i in answer["reply"]["hops"]]

    assert request == [
        ("network-interface", "eni-0app", None),
        ("security-group", "sg-0app", "allows tcp 443 to 0.0.0.0/0"),
        ("network-acl", "acl-0open", "entry 100 allows all traffic to 0.0.0.0/0"),
        ("route-table", "rtb-0private", "0.0.0.0/0 -> nat-01"),
        ("network-acl", "acl-0open", "entry 100 allows all traffic from 0.0.0.0/0"),
        ("nat-gateway", "nat-01", "0.0.0.0/0 -> nat-01"),
        ("network-acl", "acl-0open", "entry 100 allows all traffic to 0.0.0.0/0"),
        ("route-table", "rtb-0public", "0.0.0.0/0 -> igw-01"),
        ("internet-gateway", "igw-01", "0.0.0.0/0 -> igw-01"),
        ("internet", "internet", None),
    ]
    assert reply[:2] == [("internet", "internet"), ("internet-gateway", "igw-01")]
    assert ("nat-gateway", "nat-01") in reply
    assert reply[-1] == ("network-acl", "acl-0open")


def test_each_subnet_of_a_function_is_told() -> None:
    """The worst is walked."""
    (answer,) = ask(SHOP, flow("function:orders", OUT4))

    assert answer["subnets"] == {"subnet-0app": "delivered", "subnet-0old": "blackholed"}


RECORDED = [
    (
        "batfish-hybrid-cloud-aws",
        # the main table counts for it, and its NAT gateway is gone
        flow("subnet-8d0cbdeb", "8.8.8.8"),
        "blackholed",
        ("route-table", "rtb-f28e418b", "0.0.0.0/0 -> nat-055c00735cace0ec4 (blackhole)"),
    ),
    (
        "batfish-hybrid-cloud-aws",
        # a public subnet gives no address to what has none
        flow("subnet-62f14104", "8.8.8.8", "icmp", None),
        "denied",
        ("internet-gateway", "igw-fac5839d", "0.0.0.0/0 -> igw-fac5839d"),
    ),
    (
        "batfish-hybrid-cloud-aws",
        # a table without any IPv6 route
        flow("subnet-62f14104", "2600::1"),
        "no-route",
        ("subnet", "subnet-62f14104", None),
    ),
    (
        "batfish-hybrid-cloud-aws",
        # the instance is stopped
        flow("i-0837c877110427f2b", "192.168.1.25", port=22),
        "blackholed",
        ("network-interface", "eni-6b705445", None),
    ),
]


@pytest.mark.parametrize(("dump", "asked", "fate", "first"), RECORDED, ids=lambda v: str(v)[:60])
def test_recorded_account(
    dump: str, asked: dict[str, Any], fate: str, first: tuple[str, str, str | None]
) -> None:
    """What the dump's own route tables, gateways and states say."""
    (answer,) = ask(DUMPS / dump, asked)

    blocker = answer["blockers"][0]
    assert answer["disposition"] == fate
    assert (blocker["component"], blocker["resource_id"], blocker.get("entry")) == first


UNREAD = [
    ("cloudmapper-demo", flow("function:invpclambda", "8.8.8.8"), "ec2:DescribeRouteTables"),
    ("cloudmapper-demo", flow("1.2.3.4", "8.8.8.8"), "ec2:DescribeNetworkAcls"),
    ("npguard-collector-example", flow("eni-1", "8.8.8.8"), "ec2:DescribeNetworkInterfaces"),
    (
        "cloud-custodian-placebo/test_vpc_scenario_2",
        flow("subnet-019190c7bd977c594", "8.8.8.8"),
        "ec2:DescribeSecurityGroups",
    ),
]


@pytest.mark.parametrize(("dump", "asked", "call"), UNREAD, ids=lambda value: str(value)[:60])
def test_what_a_dump_lacks_is_unknown(dump: str, asked: dict[str, Any], call: str) -> None:
    """Never guessed, and the call with its IAM action is named."""
    (answer,) = ask(DUMPS / dump, asked)

    assert answer["disposition"] == "unknown"
    assert call in [item["iam_action"] for item in answer["gaps"]]


def test_document_shows_what_the_command_prints() -> None:
    """The lines in ``docs/trace.md`` are those of a run."""
    text = (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")
    given, shown = re.findall(r"```jsonl\n(.*?)```", text, re.DOTALL)
    done = run(SHOP, "--flows", "-", given=given)

    assert done.stdout == shown
    assert done.returncode == 10


def test_reader_that_has_seen_enough_ends_the_run_quietly() -> None:
    """``netprobe trace ... | head -1``: no complaint about the pipe."""
    many = lines_of(flow("eni-0app", OUT4)) * 5_000
    with subprocess.Popen(
        [*COMMAND, str(SHOP), "--flows", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(many[:60_000].encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["disposition"] == "delivered"
        process.stdout.close()
        try:
            process.stdin.write(many.encode())
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""


def test_each_answer_comes_before_the_next_flow_is_asked() -> None:
    """A program may talk to it, and Ctrl-C ends it with whole lines behind it."""
    with subprocess.Popen(
        [*COMMAND, str(SHOP), "--flows", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        for destination in (OUT4, OUT6):
            process.stdin.write(lines_of(flow("eni-0app", destination)).encode())
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 60)[0]
            answer = json.loads(process.stdout.readline())
            assert answer["id"] == f"eni-0app {destination}"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stdout.read() == b""
        assert process.stderr.read() == b"interrupted\n"


@pytest.mark.lab
def test_account_is_read_when_no_snapshot_is_named(lab: RunningLab) -> None:
    """One VPC of an account, asked about where it stands."""
    ec2 = lab.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    asked = ("trace", "--vpc", vpc, "--from", subnet, "--to", OUT4, "--format", "json")
    done = lab.netprobe(*asked)

    assert (done.returncode, done.stderr) == (10, "")
    answer = json.loads(done.stdout)
    assert answer["disposition"] == "no-route"
    assert [item["component"] for item in answer["blockers"]] == ["route-table"]
    missing = lab.netprobe("trace", "--vpc", "vpc-1", "--from", subnet, "--to", OUT4)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith("error[no-such-vpc]: ")
