"""What keeps netprobe from its job: one clear line on stderr, nothing on stdout, the exit code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from netprobe.lab import story
from tests.conftest import DUMMY_CREDENTIALS, SCRUBBED, RunningLab


def netprobe(
    *arguments: str, environment: dict[str, str], home: Path
) -> subprocess.CompletedProcess[str]:
    """Run the command line with these AWS settings and no others."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
    return subprocess.run(
        [sys.executable, "-m", "netprobe", *arguments],
        env=inherited | {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


CREDENTIALS = {k: v for k, v in DUMMY_CREDENTIALS.items() if "KEY" in k}
REGION = {"AWS_DEFAULT_REGION": "us-east-1"}
VPC = ("check", "--vpc", "vpc-123")

WITHOUT_AN_ACCOUNT = [
    pytest.param(VPC, CREDENTIALS, ["no-region", "--region"], 1, id="no region"),
    pytest.param(
        VPC, CREDENTIALS | {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, ["no-region", "--region"],
        1, id="empty region",
    ),
    pytest.param(VPC, REGION, ["no-credentials", "--profile"], 1, id="no credentials"),
    pytest.param(
        (*VPC, "--profile", "nobody"), REGION, ["no-such-profile", "nobody"], 1, id="profile"
    ),
    pytest.param(("check",), CREDENTIALS | REGION, ["--vpc", "--function"], 2, id="nothing named"),
    pytest.param(
        (*VPC, "--function", "f"), CREDENTIALS | REGION, ["--vpc", "--function"], 2, id="both"
    ),
    pytest.param(
        (*VPC, "--ipv4-only", "--ipv6-only"), CREDENTIALS | REGION, ["--ipv4-only"], 2,
        id="no family",
    ),
    pytest.param(
        (*VPC, "--client", "curll"), CREDENTIALS | REGION, ["did you mean curl?"], 2, id="client"
    ),
    pytest.param(
        (*VPC, "--targets", "/nowhere/targets"),
        CREDENTIALS | REGION,
        ["cannot read /nowhere/targets"],
        1,
        id="targets file",
    ),
    pytest.param(
        ("explain", "NP10"), {}, ["no finding or error 'NP10'", "did you mean NP"], 1, id="finding"
    ),
    pytest.param(
        ("lab", "serve", "--world", "/nowhere.toml"), {}, ["lab-bad-world", "/nowhere.toml"], 1,
        id="world",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "environment", "words", "code"), WITHOUT_AN_ACCOUNT)
def test_settings_that_cannot_work(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    words: list[str],
    code: int,
    tmp_path: Path,
) -> None:
    """Each names the thing and the next step."""
    done = netprobe(*arguments, environment=environment, home=tmp_path)

    assert_one_line(done, *words, code=code)


def test_unreachable_endpoint(tmp_path: Path) -> None:
    """Nobody listens there."""
    url = f"http://127.0.0.1:{unused_port()}"
    done = netprobe(*VPC, "--endpoint-url", url, environment=CREDENTIALS | REGION, home=tmp_path)

    assert_one_line(done, "unreachable-endpoint", url, "--endpoint-url")


def test_endpoint_that_is_no_url(tmp_path: Path) -> None:
    """A word is not an address."""
    done = netprobe(
        *VPC, "--endpoint-url", "banana", environment=CREDENTIALS | REGION, home=tmp_path
    )

    assert_one_line(done, "invalid-endpoint", "banana")


IN_THE_LAB = [
    pytest.param(
        ("--vpc", "vpc-0abc"), ["no VPC 'vpc-0abc' in us-east-1", "VPCs here: vpc-"], id="vpc"
    ),
    pytest.param(
        ("--function", "push-pricse"), ["no function 'push-pricse'", "did you mean push-prices?"],
        id="function",
    ),
    pytest.param(
        ("--function", "push-prices", "--subnet", "subnet-1"), ["subnet-1"], id="subnet"
    ),
    pytest.param(
        ("--function", "push-prices", "--target", "api:nosuchapi"), ["nosuchapi"], id="api"
    ),
    pytest.param(
        ("--function", "push-prices", "--target", "https://:443/"), ["https://:443/"], id="target"
    ),
    pytest.param(
        ("--function", "push-prices", "--target", "service:nosuchservice"), ["nosuchservice"],
        id="service",
    ),
    pytest.param(
        ("--function", "push-prices", "--security-group", "sg-1"), ["sg-1"], id="group"
    ),
]  # fmt: skip


@pytest.mark.lab
def test_things_that_are_not_there(lab: RunningLab) -> None:
    """Unknown ids are named with what there is instead; nothing is created."""
    story.build(lab.client)

    for case in IN_THE_LAB:
        arguments, words = case.values
        done = lab.netprobe("check", "--timeout", "1", *arguments)  # type: ignore[misc] # a tuple of str
        assert len(done.stderr.strip().splitlines()) == 1, (case.id, done.stderr)
        assert done.returncode in {1, 2}, (case.id, done.stderr)
        assert done.stdout == ""
        for word in words:  # type: ignore[union-attr] # a list of str
            assert word in done.stderr, case.id
    names = [item["FunctionName"] for item in lab.client("lambda").list_functions()["Functions"]]
    assert names == [story.FUNCTION_NAME]


@pytest.mark.lab
def test_unwritable_output(lab: RunningLab, tmp_path: Path) -> None:
    """The report is not lost in silence, and what was deployed is gone."""
    story.build(lab.client)
    where = tmp_path / "missing" / "report.json"

    done = lab.netprobe(
        "check", "--function", story.FUNCTION_NAME, "--timeout", "1", "--output", str(where)
    )

    assert_one_line(done, "unwritable-output", str(where))
    names = [item["FunctionName"] for item in lab.client("lambda").list_functions()["Functions"]]
    assert names == [story.FUNCTION_NAME]


@pytest.mark.lab
def test_function_outside_any_vpc(lab: RunningLab) -> None:
    """Nothing of a VPC is in its way."""
    built = story.build(lab.client)
    lab.client("lambda").update_function_configuration(
        FunctionName=story.FUNCTION_NAME, VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )

    done = lab.netprobe("check", "--function", story.FUNCTION_NAME, "--target", built.api_id)

    assert_one_line(done, "function-not-in-vpc", story.FUNCTION_NAME)
