"""VPCs: IPv6 blocks, the rules they bring, DHCP options and peerings."""

from __future__ import annotations

from ipaddress import IPv6Network

from tests.contract.lab.corrected import Cloud, error_of

POOL = "ipv6pool-ec2-0123456789abcdef0"
OWN_BLOCK = "2001:db8:3500::/56"


def test_amazon_blocks_are_distinct_documentation_blocks(cloud: Cloud) -> None:
    vpcs = [cloud.vpc(AmazonProvidedIpv6CidrBlock=True) for _ in range(3)]
    blocks = [IPv6Network(cloud.ipv6_blocks(vpc)[0]) for vpc in vpcs]

    assert len(set(blocks)) == 3
    assert all(block.prefixlen == 56 for block in blocks)
    assert all(block.subnet_of(IPv6Network("2001:db8::/32")) for block in blocks)


def test_own_block_is_associated_as_asked(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    answer = cloud.ec2.associate_vpc_cidr_block(VpcId=vpc, Ipv6CidrBlock=OWN_BLOCK, Ipv6Pool=POOL)

    assert answer["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"] == OWN_BLOCK
    association = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    assert [item["Ipv6CidrBlock"] for item in association] == [OWN_BLOCK]
    assert association[0]["Ipv6CidrBlockState"]["State"] == "associated"
    assert association[0]["Ipv6Pool"] == POOL
    assert association[0]["IpSource"] == "byoip"
    assert association[0]["NetworkBorderGroup"] == "us-east-1"


def test_own_block_can_be_given_when_the_vpc_is_created(cloud: Cloud) -> None:
    vpc = cloud.vpc(Ipv6CidrBlock=OWN_BLOCK, Ipv6Pool=POOL)

    assert cloud.ipv6_blocks(vpc) == [OWN_BLOCK]


def test_own_block_without_its_pool_is_refused(cloud: Cloud) -> None:
    code = error_of(cloud.ec2.associate_vpc_cidr_block, VpcId=cloud.vpc(), Ipv6CidrBlock=OWN_BLOCK)

    assert code == "MissingParameter"


def test_ipv6_block_gets_local_routes(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    table = cloud.table(vpc)
    cloud.ec2.associate_vpc_cidr_block(VpcId=vpc, Ipv6CidrBlock=OWN_BLOCK, Ipv6Pool=POOL)

    assert cloud.routes(table)[OWN_BLOCK]["GatewayId"] == "local"


def test_disassociated_ipv6_block_says_so(cloud: Cloud) -> None:
    vpc = cloud.vpc(AmazonProvidedIpv6CidrBlock=True)
    association = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    cloud.ec2.disassociate_vpc_cidr_block(AssociationId=association[0]["AssociationId"])

    left = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    assert [item["Ipv6CidrBlockState"]["State"] for item in left] == ["disassociated"]


def test_later_ipv6_block_opens_untouched_groups_only(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    untouched, narrowed = cloud.group(vpc, "untouched"), cloud.group(vpc, "narrowed")
    every = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    cloud.ec2.revoke_security_group_egress(GroupId=narrowed, IpPermissions=every)
    cloud.ec2.associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)

    found = cloud.ec2.describe_security_groups(GroupIds=[untouched, narrowed])["SecurityGroups"]
    egress = {item["GroupId"]: item["IpPermissionsEgress"] for item in found}
    assert egress[untouched][0]["Ipv6Ranges"] == [{"CidrIpv6": "::/0"}]
    assert egress[narrowed] == []


def test_default_dhcp_options_are_a_set_that_can_be_described(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    options = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"]
    found = cloud.ec2.describe_dhcp_options(DhcpOptionsIds=[options])["DhcpOptions"][0]
    values = {i["Key"]: [v["Value"] for v in i["Values"]] for i in found["DhcpConfigurations"]}

    assert values == {
        "domain-name-servers": ["AmazonProvidedDNS"],
        "domain-name": ["ec2.internal"],
    }


def test_vpc_without_an_option_set_says_default(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    cloud.ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=vpc)

    assert cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"] == "default"


def test_custom_option_set_replaces_the_default_one(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    wanted = [
        {"Key": "domain-name-servers", "Values": ["10.0.0.10"]},
        {"Key": "ipv6-address-preferred-lease-time", "Values": ["140"]},
    ]
    made = cloud.ec2.create_dhcp_options(DhcpConfigurations=wanted)["DhcpOptions"]
    cloud.ec2.associate_dhcp_options(DhcpOptionsId=made["DhcpOptionsId"], VpcId=vpc)

    found = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"]
    assert found == made["DhcpOptionsId"]
    assert "ipv6-address-preferred-lease-time" in {i["Key"] for i in made["DhcpConfigurations"]}


def test_active_peering_tells_every_block_of_both_sides(cloud: Cloud) -> None:
    near, far = cloud.vpc(AmazonProvidedIpv6CidrBlock=True), cloud.vpc("10.1.0.0/16")
    cloud.ec2.associate_vpc_cidr_block(VpcId=far, CidrBlock="10.2.0.0/16")
    made = cloud.ec2.create_vpc_peering_connection(VpcId=near, PeerVpcId=far)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    assert "CidrBlockSet" not in made["VpcPeeringConnection"]["AccepterVpcInfo"]
    cloud.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)

    found = cloud.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"][0]
    near_blocks = [{"Ipv6CidrBlock": item} for item in cloud.ipv6_blocks(near)]
    assert found["RequesterVpcInfo"]["Ipv6CidrBlockSet"] == near_blocks
    far_blocks = {item["CidrBlock"] for item in found["AccepterVpcInfo"]["CidrBlockSet"]}
    assert far_blocks == {"10.1.0.0/16", "10.2.0.0/16"}


def test_peering_of_overlapping_vpcs_fails(cloud: Cloud) -> None:
    """Any two blocks are enough."""
    near, far = cloud.vpc("10.0.0.0/16"), cloud.vpc("10.1.0.0/16")
    cloud.ec2.associate_vpc_cidr_block(VpcId=far, CidrBlock="10.0.128.0/20")
    made = cloud.ec2.create_vpc_peering_connection(VpcId=near, PeerVpcId=far)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    found = cloud.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])
    accepted = error_of(cloud.ec2.accept_vpc_peering_connection, VpcPeeringConnectionId=peering)

    assert found["VpcPeeringConnections"][0]["Status"]["Code"] == "failed"
    assert accepted == "InvalidStateTransition"


def test_block_public_access_is_off_until_it_is_changed(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    before = cloud.ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    cloud.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    after = cloud.ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]

    assert before["InternetGatewayBlockMode"] == "off"
    assert before["State"] == "default-state"
    assert after["InternetGatewayBlockMode"] == "block-ingress"
    described = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
    assert described["BlockPublicAccessStates"]["InternetGatewayBlockMode"] == "block-ingress"
    described = cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    assert described["BlockPublicAccessStates"]["InternetGatewayBlockMode"] == "block-ingress"


def test_exclusion_from_block_public_access_lives_until_deleted(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    made = cloud.ec2.create_vpc_block_public_access_exclusion(
        VpcId=vpc, InternetGatewayExclusionMode="allow-egress"
    )["VpcBlockPublicAccessExclusion"]
    cloud.ec2.modify_vpc_block_public_access_exclusion(
        ExclusionId=made["ExclusionId"], InternetGatewayExclusionMode="allow-bidirectional"
    )
    found = cloud.ec2.describe_vpc_block_public_access_exclusions()
    exclusion = found["VpcBlockPublicAccessExclusions"][0]

    assert exclusion["ResourceArn"].endswith(f"vpc/{vpc}")
    assert exclusion["InternetGatewayExclusionMode"] == "allow-bidirectional"
    assert exclusion["State"] == "update-complete"
    cloud.ec2.delete_vpc_block_public_access_exclusion(ExclusionId=made["ExclusionId"])
    found = cloud.ec2.describe_vpc_block_public_access_exclusions()
    assert found["VpcBlockPublicAccessExclusions"] == []


def test_no_dns_firewall_is_associated_with_any_vpc(cloud: Cloud) -> None:
    """The lab has none, and says so instead of failing."""
    answer = cloud.client("route53resolver").list_firewall_rule_group_associations()

    assert answer["FirewallRuleGroupAssociations"] == []


def test_resolver_rule_needs_no_name_for_its_association(cloud: Cloud) -> None:
    """``Name`` may be left out, and the list of associations is still told."""
    resolver = cloud.client("route53resolver")
    vpc = cloud.vpc()
    rule = resolver.create_resolver_rule(
        CreatorRequestId="one", RuleType="SYSTEM", DomainName="ssm.us-east-1.amazonaws.com"
    )["ResolverRule"]["Id"]
    resolver.associate_resolver_rule(ResolverRuleId=rule, VPCId=vpc)
    found = resolver.list_resolver_rule_associations()["ResolverRuleAssociations"]

    assert [(item["ResolverRuleId"], item["VPCId"]) for item in found] == [(rule, vpc)]


def test_rules_and_endpoints_of_the_resolver_need_no_name(cloud: Cloud) -> None:
    """Two of a kind without one are listed beside each other."""
    resolver = cloud.client("route53resolver")
    before = len(resolver.list_resolver_rules()["ResolverRules"])
    for number, domain in enumerate(("ssm.us-east-1.amazonaws.com", "corp.example")):
        resolver.create_resolver_rule(
            CreatorRequestId=f"nameless-{number}", RuleType="SYSTEM", DomainName=domain
        )

    assert len(resolver.list_resolver_rules()["ResolverRules"]) == before + 2
