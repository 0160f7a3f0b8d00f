"""Commands that the AWS CLI understands, in an order that a shell can run."""

from __future__ import annotations

import shlex

import pytest
from awscli.clidriver import create_clidriver

from netprobe.fixes.aws_cli import write_aws_cli
from netprobe.model import changes as ch
from netprobe.model.workloads import ApiKind
from tests.unit.fixes.every_change import EVERY_CHANGE

DRIVER = create_clidriver()


def options_of(line: str) -> tuple[set[str], set[str]]:
    """Return the options of a command, and those the CLI knows for it."""
    words = shlex.split(line)
    service, operation = words[1:3]
    table = DRIVER._get_command_table()[service]._get_command_table()
    if operation == "wait":
        operation, table = words[3], table["wait"].subcommand_table
    known = {f"--{name}" for name in table[operation].arg_table}
    return {word for word in words if word.startswith("--")}, known


@pytest.mark.parametrize("change", EVERY_CHANGE, ids=str)
def test_every_option_is_one_the_cli_has(change: ch.Change) -> None:
    """Commands inside of others are tried in the lab."""
    for line in write_aws_cli([change], "us-east-1"):
        command = line.partition("=$(")[2].removesuffix(")") if "=$(" in line else line
        if not command.startswith("aws ") or "$(" in command:
            continue
        used, known = options_of(command)
        everywhere = {"--region", "--query", "--output"}
        assert used <= known | everywhere, command


def test_what_is_made_is_kept_in_a_variable_that_later_commands_use() -> None:
    lines = write_aws_cli([EVERY_CHANGE[2], EVERY_CHANGE[6]], "eu-west-1")

    assert lines == (
        (
            "EIGW=$(aws ec2 create-egress-only-internet-gateway --vpc-id vpc-1 --region eu-west-1 "
            "--query EgressOnlyInternetGateway.EgressOnlyInternetGatewayId --output text)"
        ),
        (
            "aws ec2 replace-route --region eu-west-1 --route-table-id rtb-private "
            '--destination-ipv6-cidr-block ::/0 --egress-only-internet-gateway-id "$EIGW"'
        ),
    )


def test_names_from_the_account_cannot_run_anything() -> None:
    """They are data, whatever they look like."""
    evil = ch.AllowFunctionIpv6(
        function_name="x; rm -rf $(pwd)", subnet_ids=("a b",), group_ids=("`id`",)
    )
    api = ch.MakeApiDualStack(api_id="$(id)", kind=ApiKind.HTTP)
    lines = write_aws_cli([evil, api], "us-east-1")

    assert "--subnet-ids 'a b' " in lines[0]
    assert shlex.split(lines[1])[6:] == [
        "x; rm -rf $(pwd)",
        "--vpc-config",
        "SubnetIds=a b,SecurityGroupIds=`id`,Ipv6AllowedForDualStack=true",
    ]
    assert "'$(id)'" in lines[-1]


def test_unknown_change_is_refused() -> None:
    with pytest.raises(TypeError, match="no commands for 'nothing'"):
        write_aws_cli(["nothing"], "us-east-1")  # type: ignore[list-item]
