"""Shell completion as a shell asks for it, over the corrected control plane on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netprobe.aws.known_ids import IdKind, in_account
from netprobe.cli import completion
from netprobe.deploy.policies import read_policy
from tests.conftest import DUMMY_CREDENTIALS
from tests.contract.aws.account import furnish, session_of
from tests.contract.lab.corrected import Cloud

ROOT = Path(__file__).parent.parent.parent.parent
SAVED = str(ROOT / "tests/dumps/every-kind")
PROGRAM = str(Path(sys.executable).with_name("netprobe"))
"""The installed command: the shell's variable is named after the program."""


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | DUMMY_CREDENTIALS | more


def suggested(*words: str, cwd: Path = ROOT, **more: str) -> list[str]:
    """Return what bash is told for the last of these words; words are as bash splits them."""
    done = subprocess.run(
        [PROGRAM],
        cwd=cwd,
        env=environment(
            _NETPROBE_COMPLETE="complete_bash",
            COMP_WORDS="\n".join(("netprobe", *words)),
            COMP_CWORD=str(len(words)),
            **more,
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def patiently(*words: str) -> list[str]:
    """Return what is suggested once this machine is not too busy for the time it has."""
    for _ in range(8):
        if found := suggested(*words):
            return found
    return []


def test_ids_of_the_account_are_suggested(cloud: Cloud) -> None:
    """Of the account at the endpoint, in the region, that are on the line already."""
    vpc_id = furnish(cloud)
    where = ("--endpoint-url", cloud.endpoint_url, "--region", "us-east-1")

    assert vpc_id in patiently("check", *where, "--vpc", "vpc-")
    assert patiently("deploy", *where, "--function", "") == ["fn"]
    assert patiently("check", *where, "--vpc", vpc_id, "--subnet", "subnet-")
    assert patiently("snapshot", *where, "--vpc", vpc_id) == [vpc_id]


def test_api_after_a_colon_is_suggested_as_bash_wants_it(cloud: Cloud) -> None:
    """The colon ends a word for bash, which replaces what comes after it."""
    furnish(cloud)
    api_id = cloud.client("apigatewayv2").get_apis()["Items"][0]["ApiId"]
    where = ("--endpoint-url", cloud.endpoint_url)

    assert patiently("check", *where, "--target", "api", ":", api_id[:3]) == [api_id]
    assert api_id in patiently("check", *where, "--target", "api", ":")
    assert patiently("check", *where, "--target", "=", "api", ":", api_id[:3]) == [api_id]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("check", "--vpc", ""), ["vpc-a", "vpc-b"]),
        (("check", "--vpc", "=", "vpc-b"), ["vpc-b"]),
        (("check", "--vpc", "vpc-a", "--subnet", ""), ["subnet-public", "subnet-private"]),
        (("check", "--vpc", "vpc-b", "--function", ""), []),
        (("check", "--target", "api:w"), ["api:ws1"]),
        (("trace", "--from", "function", ":", "p"), ["push"]),
        (("trace", "--to", "i-w"), ["i-web"]),
    ],
)
def test_ids_of_a_snapshot_are_suggested(words: tuple[str, ...], expected: list[str]) -> None:
    """Where one is named on the line, no account is asked."""
    command, *rest = words
    endpoint = ("--endpoint-url", "http://127.0.0.1:1")

    assert suggested(command, *endpoint, "--snapshot", SAVED, *rest) == expected


def test_what_needs_no_account_is_suggested_too() -> None:
    """Clients, pages, symptoms, forms of targets."""
    assert suggested("check", "--client", "node") == ["node18", "node20"]
    assert suggested("explain", "NP90") == ["NP901", "NP902", "NP903"]
    assert suggested("explain", "route-v4-no") == ["route-v4-no-default-route"]
    assert suggested("explain", "--symptom", "forb") == ["forbidden-inside"]
    assert suggested("check", "--target", "ws") == ["wss://"]
    assert suggested("check", "--target", "ser") == ["service:"]
    assert "ssm" in suggested("check", "--target", "service", ":", "ss")
    assert suggested("trace", "--to", "service:execute") == []
    assert suggested("trace", "--to", "service:dynamodbs") == ["service:dynamodbstreams"]


def test_clients_are_all_that_are_known() -> None:
    """The list is written down twice, for the sake of a quick help."""
    from netprobe.diagnosis.clients import CLIENTS  # noqa: PLC0415 # beside what it is compared with

    assert set(completion.clients("")) == set(CLIENTS)


def test_without_credentials_nothing_is_suggested_and_nothing_said() -> None:
    """No traceback ends up in the middle of somebody's command."""
    nothing = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": "/nonexistent"}

    assert suggested("check", "--vpc", "vpc-", **nothing) == []
    assert suggested("check", "--profile", "nobody", "--vpc", "vpc-") == []
    assert suggested("check", "--snapshot", "/nonexistent", "--vpc", "vpc-") == []


def test_silent_endpoint_costs_two_seconds_at_most(tmp_path: Path) -> None:
    """Nor does a credential_process go on afterwards, or find a terminal to ask at."""
    mark = tmp_path / "mark"
    config = tmp_path / "config"
    config.write_text(
        "[profile slow]\nregion = us-east-1\n"
        f"credential_process = /bin/sh -c 'sleep 6; echo late > {mark}'\n",
        encoding="utf-8",
    )
    begun = time.monotonic()

    found = suggested(
        "check",
        "--profile",
        "slow",
        "--vpc",
        "vpc-",
        AWS_CONFIG_FILE=str(config),
        AWS_ACCESS_KEY_ID="",
        AWS_SECRET_ACCESS_KEY="",
    )

    assert found == []
    assert time.monotonic() - begun < completion.SECONDS + 3  # and the start of two processes
    time.sleep(max(0.0, 8 - (time.monotonic() - begun)))
    assert not mark.exists()


def test_folder_of_a_stranger_runs_nothing(tmp_path: Path) -> None:
    """A module that lies where the tab key is pressed is not netprobe's."""
    (tmp_path / "boto3.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    done = subprocess.run(
        [PROGRAM],
        cwd=tmp_path,
        env=environment(
            _NETPROBE_COMPLETE="complete_bash",
            COMP_WORDS=f"netprobe check --snapshot {SAVED} --vpc",
            COMP_CWORD="5",
        ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["vpc-a", "vpc-b"]
    assert not (tmp_path / "ran").exists()


HOSTILE = (
    "vpc-$(touch ran)",
    "vpc-`id`",
    "vpc-a b",
    "vpc-';id;'",
    "-o/etc/passwd",
    "vpc-\x1b[31m",
)


def test_hostile_ids_are_not_suggested(tmp_path: Path) -> None:
    """Shells evaluate suggestions; what is no id of AWS's is left out."""
    items = [{"VpcId": name, "CidrBlock": "10.0.0.0/16"} for name in (*HOSTILE, "vpc-good")]
    tags = [{"Key": "Name", "Value": "$(id)'\"`[red]"}]
    items[-1]["Tags"] = tags  # type: ignore[assignment] # what AWS answers is no plain dict
    (tmp_path / "vpcs.json").write_text(json.dumps({"Vpcs": items}), encoding="utf-8")

    assert suggested("check", "--snapshot", str(tmp_path), "--vpc", "") == ["vpc-good"]
    found = completion.known_ids("vpc", {"snapshot": str(tmp_path)})
    assert found == [("vpc-good", "idred")]


def test_bash_itself_takes_the_answer(tmp_path: Path) -> None:
    """Through the function that --show-completion prints, called as bash calls it."""
    script = f"""
        export PATH={Path(PROGRAM).parent}:$PATH
        netprobe --show-completion bash > script && . ./script
        COMP_WORDS=(netprobe trace --snapshot {SAVED} --from function : p); COMP_CWORD=7
        _netprobe_completion netprobe p :
        printf '%s|' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=tmp_path,
        env=environment(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.stdout == "push|", done.stderr


def test_account_is_asked_with_read_permissions_only(cloud: Cloud) -> None:
    """Every kind is answered, by calls that the read-only policy allows."""
    furnish(cloud)
    allowed = {
        action for statement in read_policy()["Statement"] for action in statement["Action"]
    }

    session = session_of(cloud)
    found = {kind: [*in_account(session, kind)] for kind in IdKind}

    assert all(found[kind] for kind in IdKind if kind is not IdKind.INSTANCE)
    assert {
        "ec2:DescribeVpcs",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeInstances",
        "lambda:ListFunctions",
        "apigateway:GET",
    } <= allowed
