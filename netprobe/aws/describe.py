"""Reading a VPC, or a whole region: which calls, in which order, and which can be left out.

A call is made only where something that was read refers to what it tells of, and the calls of
one step are made at once. The steps: who is asking and which VPCs there are; route tables and
what does not depend on them; what the tables lead to; all VPCs that then matter; what only some
of their resources make necessary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from netprobe.aws import operations
from netprobe.aws.calls import Call, Json, of_subjects, of_vpcs
from netprobe.aws.describe_functions import drop_environments, states_asked
from netprobe.aws.describe_links import read_links
from netprobe.aws.describe_names import read_names
from netprobe.aws.describe_policies import read_policies
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.reader import Reader
from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error
from netprobe.errors import NetprobeError
from netprobe.model.words import meant_or_known
from netprobe.workflows.capabilities import Asked

MOST_STAGED_APIS = 20
"""APIs whose stages are read; API Gateway's control plane allows ten calls a second."""

GATEWAY_SERVICES = ("s3", "dynamodb")

OF_VPCS = (
    operations.SUBNETS,
    operations.NETWORK_ACLS,
    operations.SECURITY_GROUPS,
    operations.NETWORK_INTERFACES,
    operations.VPC_ENDPOINTS,
    operations.NAT_GATEWAYS,
    operations.INTERNET_GATEWAYS,
)
"""What is asked for the VPCs that matter only."""

OF_REGION = (
    operations.EGRESS_ONLY_GATEWAYS,
    operations.MANAGED_PREFIX_LISTS,
    operations.DHCP_OPTIONS,
    operations.BLOCK_PUBLIC_ACCESS,
    operations.FUNCTIONS,
    operations.REST_APIS,
    operations.APIS,
    operations.RESOLVER_ASSOCIATIONS,
    operations.FIREWALL_ASSOCIATIONS,
)
"""What cannot be asked for one VPC, or is short for the whole region."""

OF_DATABASES = {"cluster": operations.DB_CLUSTERS, "db": operations.DB_INSTANCES}
"""By kind of database, as ARNs write it. All of the region, never one by its name: then a name
that is mistyped can be put right, and what was saved lacks none of those beside it."""

DNS_ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames")

_BLOCKING = frozenset({"block-bidirectional", "block-ingress"})


def read_vpc(session: AwsSession, vpc_id: str, asked: Asked | None = None) -> RawSnapshot:
    """Read all that touches paths out of the VPC, neighbouring VPCs included.

    ``asked`` leaves out what only other targets would need. Raises NetprobeError for an unknown
    VPC and when nothing can be read.
    """
    account, vpcs = _introduce(session)
    if not any(item.get("VpcId") == vpc_id for item in vpcs):
        raise _no_such_vpc(vpc_id, vpcs, session.region)
    return _Reading(Reader(session), account, vpcs, asked or Asked()).read((vpc_id,))


def read_region(session: AwsSession) -> RawSnapshot:
    """Read all that touches paths in the region; raises NetprobeError when nothing can be read."""
    account, vpcs = _introduce(session)
    return _Reading(Reader(session), account, vpcs, Asked()).read(None)


def _introduce(session: AwsSession) -> tuple[str | None, list[Json]]:
    """Return the account and its VPCs: nothing else makes sense without them."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        account = pool.submit(session.account)
        vpcs = pool.submit(_read_vpcs, session)
        return account.result(), vpcs.result()


def _read_vpcs(session: AwsSession) -> list[Json]:
    try:
        pages = session.client("ec2").get_paginator("describe_vpcs").paginate()
        return [vpc for page in pages for vpc in page.get("Vpcs") or ()]
    except AWS_ERRORS as error:
        raise as_netprobe_error(error, operations.VPCS.call, session.region) from error


def _no_such_vpc(vpc_id: str, vpcs: list[Json], region: str) -> NetprobeError:
    known = meant_or_known(vpc_id, (str(vpc.get("VpcId")) for vpc in vpcs), "VPCs here")
    return NetprobeError(
        "no-such-vpc",
        f"no VPC {vpc_id!r} in {region}",
        hint=f"{known}; another region: --region",
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One read of an account, step by step."""

    reader: Reader
    account: str | None
    vpcs: list[Json]
    asked: Asked

    def read(self, start: tuple[str, ...] | None) -> RawSnapshot:
        """Read from these VPCs on, for None the whole region."""
        known = tuple(str(vpc["VpcId"]) for vpc in self.vpcs if vpc.get("VpcId"))
        named = known if start is None else start
        self._read_first(start, named)
        matter = read_links(self.reader, known, named)
        self.reader.answers[operations.VPCS.answer_name] = {
            operations.VPCS.key: [vpc for vpc in self.vpcs if vpc.get("VpcId") in matter]
        }
        wanted = None if start is None else matter
        self.reader.read(*(of_vpcs(operation, wanted) for operation in OF_VPCS))
        self._read_what_is_in_use(wanted)
        read_names(self.reader, named, self.account)
        self._read_targets()
        read_policies(self.reader, self.asked)
        region = self.reader.session.region
        return RawSnapshot(region, self.account, self.reader.answers, tuple(self.reader.gaps))

    def _read_first(self, start: tuple[str, ...] | None, named: tuple[str, ...]) -> None:
        """Read what needs no other answer.

        Names are the business of the VPCs asked about: their neighbours resolve their own.
        """
        region = self.reader.session.region
        single = [of_vpcs(operations.ROUTE_TABLES, start), *map(Call, OF_REGION)]
        if _may_be_custom(self.asked.hosts):
            single += [Call(operations.REST_DOMAINS), Call(operations.DOMAINS)]
        wanted = self.asked.databases
        single += [Call(i) for kind, i in OF_DATABASES.items() if wanted is None or kind in wanted]
        self.reader.read(*single)
        self.reader.none_of(operations.REST_DOMAINS, operations.DOMAINS)
        attributes = [
            {"VpcId": vpc_id, "Attribute": name} for vpc_id in named for name in DNS_ATTRIBUTES
        ]
        self.reader.read_each(
            Call(operations.VPC_ATTRIBUTE, tuple(attributes)),
            of_subjects(operations.HOSTED_ZONES, named, VPCRegion=region),
            states_asked(self.reader, self.asked, named),
        )
        drop_environments(self.reader)

    def _read_what_is_in_use(self, wanted: tuple[str, ...] | None) -> None:
        """Read what interfaces, routes, rules and the region's options refer to."""
        reader = self.reader
        interfaces = reader.items(operations.NETWORK_INTERFACES)
        needed = []
        if any((item.get("Attachment") or {}).get("InstanceId") for item in interfaces):
            needed.append(of_vpcs(operations.INSTANCES, wanted))
        if self._may_block_public_access():
            needed.append(Call(operations.BLOCK_PUBLIC_ACCESS_EXCLUSIONS))
        balanced = any(str(i.get("Description")).startswith("ELB ") for i in interfaces)
        if balanced or any(".elb." in host for host in self.asked.hosts or ()):
            needed.append(Call(operations.LOAD_BALANCERS))
        reader.read(*needed)
        reader.none_of(
            operations.INSTANCES,
            operations.BLOCK_PUBLIC_ACCESS_EXCLUSIONS,
            operations.LOAD_BALANCERS,
        )
        reader.read_each(of_subjects(operations.PREFIX_LIST_ENTRIES, self._lists_in_use()))

    def _may_block_public_access(self) -> bool:
        """Tell whether anything that was read says so; unread counts as off."""
        answer = self.reader.answers.get(operations.BLOCK_PUBLIC_ACCESS.answer_name) or {}
        states = [answer.get(operations.BLOCK_PUBLIC_ACCESS.key)]
        states += [item.get("BlockPublicAccessStates") for item in self.vpcs]
        return any((item or {}).get("InternetGatewayBlockMode") in _BLOCKING for item in states)

    def _lists_in_use(self) -> Iterator[str]:
        """Yield the prefix lists that routes or rules name, and those of gateway endpoints."""
        tables = self.reader.items(operations.ROUTE_TABLES)
        groups = self.reader.items(operations.SECURITY_GROUPS)
        used = json.dumps([tables, groups], default=str)
        for item in self.reader.items(operations.MANAGED_PREFIX_LISTS):
            list_id, name = str(item.get("PrefixListId")), str(item.get("PrefixListName"))
            if list_id in used or name.endswith(GATEWAY_SERVICES):
                yield list_id

    def _read_targets(self) -> None:
        """Read what only the targets make necessary."""
        rest = _ids(self.reader.items(operations.REST_APIS), "id", self.asked.stages_of)
        apis = _ids(self.reader.items(operations.APIS), "ApiId", self.asked.stages_of)
        custom = [
            _ids(self.reader.items(operation), key, self.asked.hosts)
            for operation, key in (
                (operations.REST_DOMAINS, "domainName"),
                (operations.DOMAINS, "DomainName"),
            )
        ]
        self.reader.read_each(
            of_subjects(operations.REST_STAGES, rest[:MOST_STAGED_APIS]),
            of_subjects(operations.STAGES, apis[:MOST_STAGED_APIS]),
            of_subjects(operations.REST_MAPPINGS, custom[0]),
            of_subjects(operations.MAPPINGS, custom[1]),
            of_subjects(operations.LISTENERS, self._balancers_asked_about()),
        )

    def _balancers_asked_about(self) -> list[str]:
        """Return the load balancers of these VPCs that targets or private zones may lead to."""
        read = {vpc["VpcId"] for vpc in self.reader.items(operations.VPCS)}
        found = [
            item
            for item in self.reader.items(operations.LOAD_BALANCERS)
            if item.get("VpcId") in read and item.get("LoadBalancerArn")
        ]
        if self.asked.hosts is not None:
            named = json.dumps(
                [self.asked.hosts, self.reader.items(operations.RECORDS)], default=str
            ).lower()
            found = [item for item in found if str(item.get("DNSName")).lower() in named]
        return [str(item["LoadBalancerArn"]) for item in found]


def _ids(items: Iterable[Json], key: str, wanted: tuple[str, ...] | None) -> list[str]:
    """Return the ids of the items, of those that are wanted; None wants all."""
    found: Iterable[Any] = (item.get(key) for item in items)
    return [str(item) for item in found if item and (wanted is None or item in wanted)]


_AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")


def _may_be_custom(hosts: tuple[str, ...] | None) -> bool:
    """Tell whether one of the names may be a custom domain name of API Gateway."""
    return hosts is None or any(
        not host.endswith(_AWS_DOMAINS)
        and any(char.isalpha() for char in host)
        and ":" not in host
        for host in hosts
    )
