"""VPCs, subnets and their small print."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses import EC2Response

from netprobe.lab.control.patching import add, wrap

_HOSTNAME_OPTIONS = {
    "PrivateDnsHostnameTypeOnLaunch": "HostnameType",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
}


def apply() -> None:
    """Correct IPv6 states, subnet attributes, a chosen IPv6 block, deletion and BPA."""
    add(Subnet, "ipv6_cidr_block_association_set", property(_subnet_ipv6))
    add(Subnet, "enable_dns64", value=False)
    wrap(EC2Response, "modify_subnet_attribute", _modify_subnet_attribute)
    wrap(EC2Response, "associate_vpc_cidr_block", _associate_vpc_cidr_block)
    wrap(EC2Backend, "associate_vpc_cidr_block", _associate_and_allow_ipv6)
    wrap(EC2Backend, "delete_subnet", _delete_subnet)
    wrap(EC2Backend, "delete_security_group", _delete_security_group)
    wrap(EC2Backend, "create_security_group", _create_security_group)
    add(VPC, "netprobe_ipv6_block", None)
    add(EC2Response, "describe_vpc_block_public_access_options", _describe_bpa)
    add(EC2Response, "modify_vpc_block_public_access_options", _modify_bpa)
    add(EC2Response, "describe_vpc_block_public_access_exclusions", _describe_bpa_exclusions)


def _subnet_ipv6(subnet: Any) -> list[dict[str, Any]]:
    """Return the associations; moto writes the state as the text of a dict."""
    return [
        {
            "ipv6CidrBlock": item["ipv6CidrBlock"],
            "associationId": item["associationId"],
            "ipv6CidrBlockState": {"state": "associated"},
        }
        for item in subnet.ipv6_cidr_block_associations.values()
        if item["ipv6CidrBlockState"]["State"] == "associated"
    ]


def _modify_subnet_attribute(original: Any, response: Any) -> Any:
    """Keep what moto drops: DNS64 and the host name options."""
    subnet = response.ec2_backend.get_subnet(response._get_param("SubnetId"))  # noqa: SLF001 # moto's
    dns64 = response._get_param("EnableDns64.Value")  # noqa: SLF001 # moto's own way to parameters
    if dns64 is not None:
        subnet.enable_dns64 = str(dns64).lower() == "true"
    for name, key in _HOSTNAME_OPTIONS.items():
        value = response._get_param(name) or response._get_param(f"{name}.Value")  # noqa: SLF001 # same
        if value is not None:
            subnet.private_dns_name_options_on_launch[key] = value
    return original(response)


def _associate_vpc_cidr_block(original: Any, response: Any) -> Any:
    """Let a caller choose the IPv6 block, as with a pool of its own addresses (BYOIP).

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateVpcCidrBlock.html
    """
    block = response._get_param("Ipv6CidrBlock")  # noqa: SLF001 # moto's own way to parameters
    if block:
        vpc = response.ec2_backend.get_vpc(response._get_param("VpcId"))  # noqa: SLF001 # same
        vpc.netprobe_ipv6_block = block
        response.params["AmazonProvidedIpv6CidrBlock"] = True
    return original(response)


def _associate_and_allow_ipv6(
    original: Any, backend: Any, vpc_id: str, cidr_block: Any, ipv6: Any
) -> Any:
    """Add what AWS adds when a VPC gets IPv6: ACL entries and group rules nobody had changed.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-migrate-ipv6.html
    """
    answer = original(backend, vpc_id, cidr_block, ipv6)
    if ipv6:
        for acl in backend.network_acls.values():
            if acl.vpc_id == vpc_id and acl.default:
                backend.netprobe_allow_ipv6(acl)
        for group in backend.groups[vpc_id].values():
            _allow_ipv6_egress(backend, group)
    return answer


def _allow_ipv6_egress(backend: Any, group: Any) -> None:
    rules = group.egress_rules
    untouched = len(rules) == 1 and rules[0].ip_protocol == "-1"
    if untouched and "CidrIpv6" not in str(rules[0].ip_range):
        backend.authorize_security_group_egress(
            group.id, "-1", None, None, [{"CidrIpv6": "::/0"}], vpc_id=group.vpc_id
        )


def _create_security_group(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> Any:
    """Give the default group the rule that admits its own members."""
    group = original(backend, *arguments, **keywords)
    if group.name == "default" and not group.ingress_rules:
        backend.authorize_security_group_ingress(
            group.id, "-1", None, None, [],
            source_groups=[{"GroupId": group.id}], vpc_id=group.vpc_id,
        )  # fmt: skip
    return group


def _delete_subnet(original: Any, backend: Any, subnet_id: str) -> Any:
    if any(eni.subnet.id == subnet_id for eni in backend.enis.values()):
        message = f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        raise DependencyViolationError(message)
    return original(backend, subnet_id)


def _delete_security_group(
    original: Any, backend: Any, name: str | None = None, group_id: str | None = None
) -> Any:
    used = (group.id for eni in backend.enis.values() for group in eni.group_set)
    if group_id and group_id in used:
        message = f"resource {group_id} has a dependent object"
        raise DependencyViolationError(message)
    return original(backend, name, group_id)


def _bpa(response: Any) -> dict[str, Any]:
    backend = response.ec2_backend
    if not hasattr(backend, "netprobe_bpa"):
        backend.netprobe_bpa = {
            "AwsAccountId": backend.account_id,
            "AwsRegion": backend.region_name,
            "State": "default-state",
            "InternetGatewayBlockMode": "off",
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
    options: dict[str, Any] = backend.netprobe_bpa
    return options


def _describe_bpa(response: Any) -> ActionResult:
    return ActionResult({"VpcBlockPublicAccessOptions": _bpa(response)})


def _modify_bpa(response: Any) -> ActionResult:
    options = _bpa(response)
    mode = response._get_param("InternetGatewayBlockMode")  # noqa: SLF001 # moto's own way
    options |= {"InternetGatewayBlockMode": mode, "State": "update-complete"}
    return ActionResult({"VpcBlockPublicAccessOptions": json.loads(json.dumps(options))})


def _describe_bpa_exclusions(response: Any) -> ActionResult:  # noqa: ARG001 # none can be made yet
    return ActionResult({"VpcBlockPublicAccessExclusions": []})
