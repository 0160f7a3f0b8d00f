"""What holds for every EC2 request: a dry run changes nothing, an unknown filter is refused."""

from __future__ import annotations

from collections.abc import KeysView, ValuesView
from fnmatch import fnmatch
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DryRunClientError, EC2ClientError, FilterNotImplementedError

from netprobe.lab.control import internals


def call_action(original: Any, response: Any) -> Any:
    """Answer a dry run with DryRunOperation; moto carries many of them out.

    See "Common query parameters" in the EC2 API reference.
    """
    if internals.parameter(response, "DryRun"):
        status, headers, body = response.serialized(ActionResult(DryRunClientError()))
        return status, headers, body
    return original(response)


def is_filter_matching(original: Any, item: Any, name: str, wanted: Any) -> Any:
    """Match a filter: one of several values is enough, and an unknown filter is an error.

    moto wants all values of a list to match at once, and answers an unknown filter with HTTP 500.
    """
    try:
        value = item.get_filter_value(name)
    except FilterNotImplementedError as error:
        raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid") from error
    several = isinstance(value, list | set | tuple | KeysView | ValuesView)
    if isinstance(wanted, list) and several:
        return any(fnmatch(str(one), str(pattern)) for one in value for pattern in wanted)
    return original(item, name, wanted)
