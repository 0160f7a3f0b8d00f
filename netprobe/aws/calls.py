"""How the read operations are asked: for some VPCs, for some ids, once per subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from netprobe.aws.operations import Operation

Json = dict[str, Any]

MOST_FILTER_VALUES = 200
"""Values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html"""

_VPC_FILTERS = {
    "DescribeInternetGateways": ("Filters", "attachment.vpc-id"),
    "DescribeNatGateways": ("Filter", "vpc-id"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One operation with its arguments."""

    operation: Operation
    requests: tuple[Json, ...] = field(default=({},))
    """One per request; several where one request cannot ask for everything."""


def of_vpcs(operation: Operation, vpc_ids: Sequence[str] | None) -> Call:
    """Return the call that asks for these VPCs only, for None all of the region."""
    if vpc_ids is None:
        return Call(operation)
    parameter, name = _VPC_FILTERS.get(operation.name, ("Filters", "vpc-id"))
    return _filtered(operation, parameter, name, vpc_ids)


def of_ids(operation: Operation, name: str, ids: Sequence[str]) -> Call:
    """Return the call that asks for what has one of these ids under the filter ``name``."""
    return _filtered(operation, "Filters", name, ids)


def of_subjects(operation: Operation, ids: Iterable[str], **more: Any) -> Call:
    """Return the call that asks once per subject."""
    return Call(operation, tuple({operation.subject: item} | more for item in ids))


def _filtered(operation: Operation, parameter: str, name: str, values: Sequence[str]) -> Call:
    parts = _parts(list(values))
    return Call(operation, tuple({parameter: [{"Name": name, "Values": part}]} for part in parts))


def _parts(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), MOST_FILTER_VALUES):
        yield values[start : start + MOST_FILTER_VALUES]
