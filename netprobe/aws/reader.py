"""Making read calls: all pages, several at once, AWS's JSON untouched, a Gap for what failed.

A call that fails is a Gap, never an absence: what needs its answer is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name
from botocore.exceptions import PaginationError

from netprobe.aws.calls import Call, Json
from netprobe.aws.operations import Operation
from netprobe.aws.session import (
    AWS_ERRORS,
    AwsSession,
    as_netprobe_error,
    error_code,
    is_fatal,
    one_line,
)
from netprobe.model.snapshot import Gap

WORKERS = 8

_ESSENTIAL = "ec2"
"""A region without any other service is worth a check, one without this service is not."""

_PAGE_SIZES = {
    "DescribeInstances": 1000,
    "DescribeNetworkInterfaces": 1000,
    "DescribeSecurityGroups": 1000,
    "GetApis": 100,
    "GetDomainNames": 100,
    "GetRestApis": 500,
    "ListFirewallRuleGroupAssociations": 100,
    "ListFirewallRules": 100,
    "ListResolverRuleAssociations": 100,
    "ListResolverRules": 100,
    "SearchTransitGatewayRoutes": 1000,
}
"""Items a page where AWS's own choice is fewer, or where EC2 throttles requests without a size
harder: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
"""

_NOTHING_THERE = {"GetBucketPolicy": "NoSuchBucketPolicy"}
"""The error codes by which a call says that there is nothing to tell: an answer, not a failure."""


@dataclass(slots=True)
class Reader:
    """Makes calls and keeps answers and gaps."""

    session: AwsSession
    answers: Json = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def items(self, operation: Operation) -> list[Json]:
        """Return the items that were read, of all subjects; none when the answer is missing."""
        answer = self.answers.get(operation.answer_name) or {}
        answers = [answer] if isinstance(answer, dict) else answer
        found = [item for part in answers for item in part.get(operation.key) or ()]
        return [item for item in found if isinstance(item, dict)]

    def read(self, *calls: Call) -> None:
        """Make the calls at once, all their pages, and add what they answer to what is there.

        Part of an answer is no answer. Raises NetprobeError when no call can succeed.
        """
        for call, found in self._at_once(calls, self._everything):
            if found is not None:
                name, key = call.operation.answer_name, call.operation.key
                before = self.answers.get(name, {}).get(key)
                self.answers[name] = {key: before + found if before else found}

    def read_each(self, *calls: Call) -> None:
        """Make each call once per subject and keep their answers, the request's ids in them.

        A subject whose answer is refused has none; the others keep theirs.
        Raises NetprobeError when no call can succeed.
        """
        single = [Call(call.operation, (request,)) for call in calls for request in call.requests]
        for call in calls:
            self.answers.setdefault(call.operation.answer_name, [])
        for call, answer in self._at_once(single, self._subject):
            if answer is not None:
                self.answers[call.operation.answer_name].append(answer)

    def none_of(self, *operations: Operation) -> None:
        """Keep an empty answer where the configuration names nothing such a call could tell of."""
        for operation in operations:
            if not any(gap.call == operation.call for gap in self.gaps):
                empty: Any = [] if operation.subject else {operation.key: []}
                self.answers.setdefault(operation.answer_name, empty)

    def _at_once(
        self, calls: Iterable[Call], work: Callable[[Call], Any]
    ) -> Iterator[tuple[Call, Any]]:
        """Yield each call with its answer, None where it failed, in the order of the calls."""
        asked = [call for call in calls if call.requests]
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            answers = pool.map(lambda call: self._attempt(call, work), asked)
            for call, answer in zip(asked, answers, strict=True):
                if isinstance(answer, Exception):
                    self._note(call.operation, one_line(answer))
                    yield call, None
                else:
                    yield call, answer

    def _attempt(self, call: Call, work: Callable[[Call], Any]) -> Any:
        """Return the answer, or why there is none."""
        operation = call.operation
        try:
            return work(call)
        except AWS_ERRORS as error:
            if is_fatal(error) and operation.service == _ESSENTIAL:
                raise as_netprobe_error(error, operation.call, self.session.region) from error
            return error

    def _note(self, operation: Operation, error: str) -> None:
        """Keep a gap; the first failure of an operation speaks for the others."""
        if any(gap.call == operation.call for gap in self.gaps):
            return
        self.gaps.append(
            Gap(
                call=operation.call,
                error=error,
                iam_action=operation.iam_action,
                needed_for=operation.needed_for,
            )
        )

    def _everything(self, call: Call) -> Any:
        """Return the items of all pages of all requests, or the one thing it answers."""
        found: list[Any] = []
        for request in call.requests:
            for page in self._pages(call.operation, request):
                part = page.get(call.operation.key)
                if isinstance(part, dict):
                    return part
                found.extend(part or ())
        return found

    def _subject(self, call: Call) -> Json:
        """Return one subject's answer, whole where it has no list of items."""
        operation, request = call.operation, call.requests[0]
        ids = {name: value for name, value in request.items() if name != "Filters"}
        if operation.key:
            return ids | {operation.key: self._everything(call)}
        client = self.session.reading_client(operation.service)
        try:
            answer: Json = getattr(client, xform_name(operation.name))(**request)
        except AWS_ERRORS as error:
            if error_code(error) != _NOTHING_THERE.get(operation.name, ""):
                raise
            return ids
        return ids | {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def _pages(self, operation: Operation, request: Json) -> Iterator[Json]:
        client = self.session.reading_client(operation.service)
        method = xform_name(operation.name)
        if _hides_managed_interfaces(client, method):
            request = request | {"IncludeManagedResources": True}
        if client.can_paginate(method):
            pages = client.get_paginator(method).paginate(
                **request, PaginationConfig={"PageSize": _PAGE_SIZES.get(operation.name)}
            )
        else:
            pages = _pages_by_token(getattr(client, method), request)
        for page in pages:
            yield page
            if page.get("AdditionalRoutesAvailable") and not page.get("NextToken"):
                raise PaginationError(message="there are more routes than one answer holds")


def _pages_by_token(method: Callable[..., Json], request: Json) -> Iterator[Json]:
    """Yield the pages of a call that the SDK has no paginator for."""
    page = method(**request)
    yield page
    while page.get("NextToken"):
        page = method(**request, NextToken=page["NextToken"])
        yield page


def _hides_managed_interfaces(client: Any, method: str) -> bool:
    """Tell whether the SDK can ask for interfaces that AWS services manage.

    Accounts may hide them, Lambda's among them.
    """
    if method != "describe_network_interfaces":
        return False
    operation = client.meta.service_model.operation_model(
        client.meta.method_to_api_mapping[method]
    )
    return "IncludeManagedResources" in operation.input_shape.members
