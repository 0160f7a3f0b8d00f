"""Keeping what was read, and judging it where there is no account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from netprobe.lab import story
from tests.conftest import SCRUBBED, RunningLab

OFFLINE = """
import sys

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        raise RuntimeError(f"{event} {arguments[1:]}")

sys.addaudithook(refuse)
from netprobe.__main__ import main
main()
"""
"""A netprobe that ends in a bug report as soon as it looks a name up or connects anywhere."""


def offline(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line without credentials, region or any network."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, *arguments],
        env=inherited | {"HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def deny(lab: RunningLab, *actions: str) -> None:
    """Take permissions away from everybody."""
    body = json.dumps({"actions": actions}).encode()
    request = urllib.request.Request(  # noqa: S310 # loopback
        f"{lab.endpoint_url}/netprobe-lab/deny", data=body, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 # loopback
        pass


def judged(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a report says, without when it was said."""
    return {k: v for k, v in report.items() if k not in {"started_at", "finished_at"}}


@pytest.mark.lab
def test_saved_vpc_is_judged_as_the_account_was(lab: RunningLab, tmp_path: Path) -> None:
    """Same verdict, paths and findings, without a call, a credential or a region."""
    built = story.build(lab.client)
    path = tmp_path / "vpc.json"
    saved = lab.netprobe("snapshot", "--vpc", built.vpc_id, "--output", str(path))
    assert (saved.returncode, saved.stdout) == (0, ""), saved.stderr
    assert saved.stderr == f"wrote {path}\n"
    question = ("--function", story.FUNCTION_NAME, "--target", f"api:{built.api_id}")
    live = lab.report(*question, "--no-probe")

    done = offline("check", "--snapshot", str(path), *question, "--format", "json", home=tmp_path)

    assert done.returncode == 10, done.stderr
    assert done.stderr == ""
    assert judged(json.loads(done.stdout)) == judged(live)


@pytest.mark.lab
def test_fix_of_a_report_is_assumed_on_the_account_and_on_a_snapshot(
    lab: RunningLab, tmp_path: Path
) -> None:
    """Both say that it would work, nothing is sent, and nothing is changed."""
    built = story.build(lab.client)
    question = ("--function", story.FUNCTION_NAME, "--target", f"api:{built.api_id}")
    report, path = tmp_path / "report.json", tmp_path / "vpc.json"
    lab.netprobe("snapshot", "--vpc", built.vpc_id, "--output", str(path))
    lab.netprobe("check", *question, "--no-probe", "--format", "json", "--output", str(report))
    what_if = ("--what-if", f"{report}:fix-1")

    live = lab.netprobe("check", *question, *what_if)
    saved = offline("check", "--snapshot", str(path), *question, *what_if, home=tmp_path)
    again = lab.report(*question, "--no-probe")

    assert live.returncode == saved.returncode == 0, live.stderr + saved.stderr
    told = live.stdout.splitlines()  # the function's role is no part of a snapshot
    assert [line for line in told if "NP613" not in line] == saved.stdout.splitlines()
    assert live.stdout.startswith("healthy: with 5 changes assumed, ")
    assert "created nothing in the account" in live.stdout
    assert again["verdict"] == "broken"


@pytest.mark.lab
def test_saved_region_holds_every_vpc_and_no_secret(lab: RunningLab) -> None:
    """On stdout, so that it can be piped; environment variables of functions stay in AWS."""
    built = story.build(lab.client)
    other = lab.client("ec2").create_vpc(CidrBlock="10.51.0.0/16")["Vpc"]["VpcId"]
    lab.client("lambda").update_function_configuration(
        FunctionName=story.FUNCTION_NAME, Environment={"Variables": {"TOKEN": "swordfish"}}
    )

    saved = lab.netprobe("snapshot")

    assert saved.returncode == 0
    assert "swordfish" not in saved.stdout
    document = json.loads(saved.stdout)
    vpcs = {item["VpcId"] for item in document["answers"]["DescribeVpcs"]["Vpcs"]}
    assert vpcs >= {built.vpc_id, other}


@pytest.mark.lab
def test_what_could_not_be_read_is_a_gap_in_the_file(lab: RunningLab, tmp_path: Path) -> None:
    """The command says so, and a check of the file does, too."""
    built = story.build(lab.client)
    deny(lab, "ec2:DescribeNetworkAcls")
    path = tmp_path / "vpc.json"

    saved = lab.netprobe("snapshot", "--vpc", built.vpc_id, "--output", str(path))
    done = offline(
        "check", "--snapshot", str(path), "--vpc", built.vpc_id,
        "--target", f"api:{built.api_id}", home=tmp_path,
    )  # fmt: skip

    assert saved.returncode == 0
    assert "could not read network ACLs: ec2:DescribeNetworkAcls" in saved.stderr
    assert done.returncode == 3
    assert "allow ec2:DescribeNetworkAcls" in done.stdout


def test_dump_that_names_no_region_asks_for_one_where_it_matters(tmp_path: Path) -> None:
    """A service's host is the region's; an address is not."""
    (tmp_path / "a.json").write_text('{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}')
    (tmp_path / "b.json").write_text(
        '{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}]}'
    )
    question = ("check", "--snapshot", str(tmp_path), "--vpc", "vpc-1", "--target")

    service = offline(*question, "service:s3", home=tmp_path)
    assert "error[no-region]" in service.stderr
    assert "--region" in service.stderr
    address = offline(*question, "tcp://10.0.1.3:443", home=tmp_path)
    assert (address.returncode, address.stderr) == (3, "")
    told = offline(*question, "service:s3", "--region", "eu-west-1", home=tmp_path)
    assert (told.returncode, told.stderr) == (3, "")


DUMP = Path(__file__).parents[1] / "dumps"
ERRORS = [
    (("--snapshot", "/nowhere", "--vpc", "vpc-1"), "unreadable-snapshot", "/nowhere"),
    (("--snapshot", str(DUMP), "--vpc", "vpc-1"), "no-such-vpc", "VPCs there: vpc-"),
    (("--snapshot", str(DUMP), "--function", "nobody"), "no-such-function", "nobody"),
    (("--snapshot", str(DUMP), "--vpc", "vpc-1", "--keep"), "snapshot-sends-nothing", "--keep"),
    (("--snapshot", str(DUMP)), "nothing-to-check", "--vpc"),
    (("--snapshot", str(DUMP), "--vpc", "v", "--what-if", "/no.json"), "unreadable-file", "/no"),
    (("--vpc", "vpc-1", "--what-if", "a.json", "--keep"), "what-if-sends-nothing", "--keep"),
]


@pytest.mark.parametrize(("arguments", "reference", "words"), ERRORS)
def test_question_a_snapshot_cannot_answer_is_one_line(
    arguments: tuple[str, ...], reference: str, words: str, tmp_path: Path
) -> None:
    """It names the thing and what there is instead."""
    done = offline("check", *arguments, home=tmp_path)

    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert f"error[{reference}]" in done.stderr
    assert words in done.stderr
