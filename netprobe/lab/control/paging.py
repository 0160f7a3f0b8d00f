"""EC2's answers in pages: moto ignores ``MaxResults`` and gives everything at once."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import internals


def serialize(original: Any, response: Any, answer: Any) -> Any:
    """Answer with one page, and a token for the next where there is more.

    See "Pagination" in the Amazon EC2 developer guide. Lists that moto pages itself are left.
    """
    size = internals.parameter(response, "MaxResults")
    result = answer.result
    if not size or not isinstance(result, dict) or "NextToken" in result:
        return original(response, answer)
    lists = [key for key, value in result.items() if isinstance(value, list | tuple)]
    if len(lists) != 1:
        return original(response, answer)
    try:
        start = _read(internals.parameter(response, "NextToken"))
    except ValueError:
        error = EC2ClientError("InvalidNextToken", "The pagination token is invalid")
        return original(response, ActionResult(error))
    (key,) = lists
    end = start + int(size)
    page = result | {key: list(result[key])[start:end]}
    if end < len(result[key]):
        page["NextToken"] = _write(end)
    return original(response, ActionResult(page))


def _write(offset: int) -> str:
    return base64.urlsafe_b64encode(f"from {offset}".encode()).decode()


def _read(token: str | None) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(token) from error
    return int(text.removeprefix("from "))
