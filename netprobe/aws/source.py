"""The account as a SnapshotSource."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from netprobe.aws.convert import convert
from netprobe.aws.describe import read_vpc
from netprobe.aws.reader import READ_ERRORS
from netprobe.aws.session import AwsSession, as_netprobe_error, error_code
from netprobe.errors import NetprobeError
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import Asked


@dataclass(frozen=True, slots=True)
class AwsSnapshotSource:
    """Reads configuration through the AWS API."""

    session: AwsSession

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        """Read all that touches paths out of the VPC; raises NetprobeError for an unknown VPC."""
        return convert(read_vpc(self.session, vpc_id, asked))

    def vpc_of_function(self, name: str) -> str:
        """Return the VPC a function is attached to; raises NetprobeError when there is none."""
        try:
            answer = self.session.client("lambda").get_function_configuration(FunctionName=name)
        except READ_ERRORS as error:
            if error_code(error) == "ResourceNotFoundException":
                raise self._no_such_function(name) from error
            action = "lambda:GetFunctionConfiguration"
            raise as_netprobe_error(error, action, self.session.region) from error
        vpc_id = (answer.get("VpcConfig") or {}).get("VpcId")
        if not vpc_id:
            raise NetprobeError(
                "function-not-in-vpc",
                f"function {name!r} is not attached to a VPC",
                hint="it uses Lambda's own network, which reaches the internet over IPv4 only",
            )
        return str(vpc_id)

    def _no_such_function(self, name: str) -> NetprobeError:
        """Return the error with the nearest name; that names could not be listed adds nothing."""
        try:
            pages = self.session.client("lambda").get_paginator("list_functions").paginate()
            known = [item["FunctionName"] for page in pages for item in page["Functions"]]
        except READ_ERRORS:
            known = []
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        return NetprobeError(
            "no-such-function",
            f"no function {name!r} in {self.session.region}",
            hint=f"did you mean {near[0]}?" if near else "another region: --region",
        )
