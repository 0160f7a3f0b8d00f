"""Repairs in the three languages: few of them are resources that somebody could declare."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from netprobe.model import changes as ch

Terraform = list[tuple[str, str, dict[str, Any]]] | str
"""Resources, or what to change in one that exists."""
Template = Terraform


def delete_route(change: ch.DeleteRoute) -> list[str]:
    """Return the AWS CLI command."""
    ipv6 = change.destination.version == 6  # noqa: PLR2004 # IPv6
    option = "--destination-ipv6-cidr-block" if ipv6 else "--destination-cidr-block"
    table = shlex.quote(change.route_table_id)
    return [f"aws ec2 delete-route @ --route-table-id {table} {option} {change.destination}"]


def add_attachment_subnet(change: ch.AddAttachmentSubnet) -> list[str]:
    """Return the AWS CLI command."""
    attachment, subnet = shlex.quote(change.attachment_id), shlex.quote(change.subnet_id)
    return [
        (
            "aws ec2 modify-transit-gateway-vpc-attachment @ "
            f"--transit-gateway-attachment-id {attachment} --add-subnet-ids {subnet}"
        )
    ]


def leave_subnets(change: ch.LeaveSubnets) -> list[str]:
    """Return the AWS CLI commands."""
    return configure_function(change, ipv6_allowed=change.ipv6_allowed)


def configure_function(
    change: ch.AllowFunctionIpv6 | ch.LeaveSubnets, *, ipv6_allowed: bool
) -> list[str]:
    """Return what gives a function its whole VpcConfig; what is left out may be reset."""
    name, flag = shlex.quote(change.function_name), str(ipv6_allowed).lower()
    config = (
        f"SubnetIds={','.join(change.subnet_ids)},SecurityGroupIds={','.join(change.group_ids)},"
        f"Ipv6AllowedForDualStack={flag}"
    )
    return [
        (
            f"aws lambda update-function-configuration @ --function-name {name} "
            f"--vpc-config {shlex.quote(config)}"
        ),
        f"aws lambda wait function-updated @ --function-name {name}",
    ]


def use_amazon_dns(change: ch.UseAmazonDns) -> list[str]:
    """Return the AWS CLI commands: a set cannot be changed, so the VPC is given another one."""
    made = (
        "aws ec2 create-dhcp-options @ --dhcp-configurations "
        "Key=domain-name-servers,Values=AmazonProvidedDNS "
        "--query DhcpOptions.DhcpOptionsId --output text"
    )
    return [
        f"OPTIONS=$({made})",
        (
            'aws ec2 associate-dhcp-options @ --dhcp-options-id "$OPTIONS" '
            f"--vpc-id {shlex.quote(change.vpc_id)}"
        ),
    ]


def take_name_back(change: ch.TakeNameBack) -> list[str]:
    """Return the AWS CLI commands; the request's id makes a second run make no second rule."""
    name = shlex.quote(change.domain_name)
    request = shlex.quote(f"netprobe-{change.vpc_id}-{change.domain_name}"[:255])
    made = (
        f"aws route53resolver create-resolver-rule @ --rule-type SYSTEM --domain-name {name} "
        f"--creator-request-id {request} --query ResolverRule.Id --output text"
    )
    return [
        f"RULE=$({made})",
        (
            'aws route53resolver associate-resolver-rule @ --resolver-rule-id "$RULE" '
            f"--vpc-id {shlex.quote(change.vpc_id)}"
        ),
    ]


def leave_zone(change: ch.LeaveZone) -> list[str]:
    """Return the AWS CLI command."""
    vpc = shlex.quote(f"VPCRegion={change.region},VPCId={change.vpc_id}")
    zone = shlex.quote(change.hosted_zone_id)
    command = "aws route53 disassociate-vpc-from-hosted-zone @"
    return [f"{command} --hosted-zone-id {zone} --vpc {vpc}"]


def terraform_delete_route(change: ch.DeleteRoute) -> Terraform:
    """Return what to do in the configuration that is there."""
    return f"remove the aws_route of {change.route_table_id} to {change.destination}"


def terraform_add_attachment_subnet(change: ch.AddAttachmentSubnet) -> Terraform:
    """Return what to do in the configuration that is there."""
    where = f"in subnet_ids of the aws_ec2_transit_gateway_vpc_attachment {change.attachment_id}"
    return f"{where}: add {change.subnet_id}"


def terraform_leave_subnets(change: ch.LeaveSubnets) -> Terraform:
    """Return what to do in the configuration that is there."""
    where = f"in vpc_config of the aws_lambda_function {json.dumps(change.function_name)}"
    return f"{where}: subnet_ids = {json.dumps(change.subnet_ids)}"


def terraform_use_amazon_dns(change: ch.UseAmazonDns) -> Terraform:
    """Return the option set and its association."""
    kind = "aws_vpc_dhcp_options"
    held = {"dhcp_options_id": f"={kind}.amazon.id", "vpc_id": change.vpc_id}
    return [
        (kind, "amazon", {"domain_name_servers": ["AmazonProvidedDNS"]}),
        (f"{kind}_association", "", held),
    ]


def terraform_take_name_back(change: ch.TakeNameBack) -> Terraform:
    """Return the rule and its association."""
    kind, name = "aws_route53_resolver_rule", "_".join(_words(change.domain_name))
    rule = {"rule_type": "SYSTEM", "domain_name": change.domain_name}
    held = {"resolver_rule_id": f"={kind}.{name}.id", "vpc_id": change.vpc_id}
    return [(kind, name, rule), (f"{kind}_association", "", held)]


def _words(domain: str) -> list[str]:
    """Return what of a domain may be in a name of either language."""
    return ["system", *re.findall("[a-z0-9]+", domain.lower())]


def terraform_leave_zone(change: ch.LeaveZone) -> Terraform:
    """Return what to do in the configuration that is there."""
    zone = f"the aws_route53_zone_association of {change.hosted_zone_id}"
    return f"remove {zone} with {change.vpc_id}"


def template_delete_route(change: ch.DeleteRoute) -> Template:
    """Return what to do in the stack that has it."""
    return f"remove the AWS::EC2::Route of {change.route_table_id} to {change.destination}"


def template_add_attachment_subnet(change: ch.AddAttachmentSubnet) -> Template:
    """Return what to do in the stack that has it."""
    where = f"the AWS::EC2::TransitGatewayVpcAttachment {change.attachment_id}"
    return f"AddSubnetIds = {change.subnet_id} in {where}"


def template_leave_subnets(change: ch.LeaveSubnets) -> Template:
    """Return what to do in the stack that has it."""
    where = f"VpcConfig of the AWS::Lambda::Function {json.dumps(change.function_name)}"
    return f"SubnetIds = {json.dumps(change.subnet_ids)} in {where}"


def template_use_amazon_dns(change: ch.UseAmazonDns) -> Template:
    """Return the option set and its association."""
    held = {"DhcpOptionsId": {"Ref": "AmazonDns"}, "VpcId": change.vpc_id}
    return [
        ("AmazonDns", "AWS::EC2::DHCPOptions", {"DomainNameServers": ["AmazonProvidedDNS"]}),
        ("", "AWS::EC2::VPCDHCPOptionsAssociation", held),
    ]


def template_take_name_back(change: ch.TakeNameBack) -> Template:
    """Return the rule and its association."""
    kind = "AWS::Route53Resolver::ResolverRule"
    made = "".join(word.title() for word in _words(change.domain_name))
    rule = {"RuleType": "SYSTEM", "DomainName": change.domain_name}
    held = {"ResolverRuleId": {"Ref": made}, "VPCId": change.vpc_id}
    return [(made, kind, rule), ("", f"{kind}Association", held)]


def template_leave_zone(change: ch.LeaveZone) -> Template:
    """Return what to do in the stack that has it."""
    return (
        f"take {change.vpc_id} from VPCs of the AWS::Route53::HostedZone {change.hosted_zone_id}"
    )


AWS_CLI = (
    delete_route,
    add_attachment_subnet,
    take_name_back,
    leave_zone,
    leave_subnets,
    use_amazon_dns,
)
TERRAFORM = (
    terraform_delete_route,
    terraform_add_attachment_subnet,
    terraform_take_name_back,
    terraform_leave_zone,
    terraform_leave_subnets,
    terraform_use_amazon_dns,
)
CLOUDFORMATION = (
    template_delete_route,
    template_add_attachment_subnet,
    template_take_name_back,
    template_leave_zone,
    template_leave_subnets,
    template_use_amazon_dns,
)
