"""Where a dump was read: the region and account its answers tell of by the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netprobe.aws.convert_resources import region_of_zone
from netprobe.aws.dump_files import REGION

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]+):(\d{12}):")
_SERVICE = re.compile(r"com\.amazonaws\.([a-z]{2}[a-z0-9-]*-\d)\.")

_ARNS = (
    ("ListFunctions", "Functions", "FunctionArn"),
    ("DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn"),
    ("DescribeDBClusters", "DBClusters", "DBClusterArn"),
    ("DescribeDBInstances", "DBInstances", "DBInstanceArn"),
    ("DescribeVpcs", "Vpcs", "VpcArn"),
    ("DescribeSubnets", "Subnets", "SubnetArn"),
)
_OWNERS = (
    ("DescribeVpcs", "Vpcs"),
    ("DescribeSecurityGroups", "SecurityGroups"),
    ("DescribeNetworkInterfaces", "NetworkInterfaces"),
    ("DescribeSubnets", "Subnets"),
)


def region_told(answers: dict[str, Any]) -> str | None:
    """Return the region most of the answers' zones, ARNs and service names are of."""
    votes = Counter(_regions(answers))
    return votes.most_common(1)[0][0] if votes else None


def _regions(answers: dict[str, Any]) -> Iterator[str]:
    zones = (
        *_values(answers, "DescribeSubnets", "Subnets", "AvailabilityZone"),
        *_values(answers, "DescribeNetworkInterfaces", "NetworkInterfaces", "AvailabilityZone"),
    )
    yield from filter(None, map(region_of_zone, zones))
    yield from (arn[1] for arn in _arns(answers) if arn[1])
    names = _values(answers, "DescribeVpcEndpoints", "VpcEndpoints", "ServiceName")
    yield from (match[1] for name in names if (match := _SERVICE.match(name)))


def _arns(answers: dict[str, Any]) -> Iterator[re.Match[str]]:
    """Yield the ARNs in the answers, region and account told apart."""
    for operation, key, name in _ARNS:
        yield from filter(None, map(_ARN.match, _values(answers, operation, key, name)))


def account_told(answers: dict[str, Any]) -> str | None:
    """Return the account that owns most of what is in the answers."""
    votes: Counter[str] = Counter()
    for operation, key in _OWNERS:
        votes.update(_values(answers, operation, key, "OwnerId"))
        if votes:
            return votes.most_common(1)[0][0]
    votes.update(arn[2] for arn in _arns(answers))
    return votes.most_common(1)[0][0] if votes else None


def region_written(path: Path) -> str | None:
    """Return the region that the last parts of a path are named after."""
    found = [match for part in path.absolute().parts[-3:] for match in REGION.findall(part)]
    return found[-1] if found else None


def _values(answers: dict[str, Any], operation: str, key: str, name: str) -> Iterator[str]:
    """Yield the strings that all items of an answer have under a name."""
    for piece in answers.get(operation, ()):
        items = piece.get(key) if isinstance(piece, dict) else None
        for item in items if isinstance(items, list) else ():
            value = item.get(name) if isinstance(item, dict) else None
            if isinstance(value, str) and value:
                yield value
