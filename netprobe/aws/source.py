"""The account, and what was saved of one, as SnapshotSources."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from netprobe.aws.convert import convert
from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.session import AWS_ERRORS, AwsSession, as_netprobe_error, error_code
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Snapshot
from netprobe.model.words import meant_or_known
from netprobe.workflows.capabilities import Asked


@dataclass(frozen=True, slots=True)
class AwsSnapshotSource:
    """Reads configuration through the AWS API."""

    session: AwsSession
    kept: list[RawSnapshot] = field(default_factory=list)
    """What AWS answered each time, untouched, for those who save evidence."""

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        """Read all that touches paths out of the VPC; raises NetprobeError for an unknown VPC."""
        raw = read_vpc(self.session, vpc_id, asked)
        self.kept.append(raw)
        return convert(raw)

    def vpc_of_function(self, name: str) -> str:
        """Return the VPC a function is attached to; raises NetprobeError when there is none."""
        try:
            answer = self.session.client("lambda").get_function_configuration(FunctionName=name)
        except AWS_ERRORS as error:
            if error_code(error) == "ResourceNotFoundException":
                raise self._no_such_function(name) from error
            action = "lambda:GetFunctionConfiguration"
            raise as_netprobe_error(error, action, self.session.region) from error
        vpc_id = (answer.get("VpcConfig") or {}).get("VpcId")
        if not vpc_id:
            raise _not_in_vpc(name)
        return str(vpc_id)

    def _no_such_function(self, name: str) -> NetprobeError:
        """Return the error with the nearest name; that names could not be listed adds nothing."""
        try:
            pages = self.session.client("lambda").get_paginator("list_functions").paginate()
            known = [item["FunctionName"] for page in pages for item in page["Functions"]]
        except AWS_ERRORS:
            known = []
        return _unknown_function(name, known, self.session.region)


@dataclass(frozen=True, slots=True)
class SavedSnapshotSource:
    """Reads configuration that was saved, without any call to AWS."""

    snapshot: Snapshot
    place: str
    """Where it was saved, for words."""
    kept: list[RawSnapshot] = field(default_factory=list)
    """What it was made of."""

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:  # noqa: ARG002 # all is there
        """Return what was saved; raises NetprobeError for a VPC that is not in it."""
        if self.snapshot.vpc(vpc_id) is not None:
            return self.snapshot
        known = meant_or_known(vpc_id, (i.vpc_id for i in self.snapshot.vpcs), "VPCs there")
        what = f"no VPC {vpc_id!r} in {self.place}"
        raise NetprobeError("no-such-vpc", what, hint=known)

    def vpc_of_function(self, name: str) -> str:
        """Return the VPC a function is attached to; raises NetprobeError when it was not saved.

        Functions outside VPCs are no part of a snapshot.
        """
        function = self.snapshot.function(name)
        if function is None:
            known = [item.function_name for item in self.snapshot.functions]
            raise _unknown_function(name, known, self.place)
        if not function.vpc_id:
            raise _not_in_vpc(name)
        return function.vpc_id


def _unknown_function(name: str, known: list[str], place: str) -> NetprobeError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return NetprobeError(
        "no-such-function",
        f"no function {name!r} in {place}",
        hint=f"did you mean {near[0]}?" if near else "another region: --region",
    )


def _not_in_vpc(name: str) -> NetprobeError:
    return NetprobeError(
        "function-not-in-vpc",
        f"function {name!r} is not attached to a VPC",
        hint="it uses Lambda's own network, which reaches the internet over IPv4 only",
    )
