"""Telling AWS's answers apart by their keys, whoever saved them and under whatever names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import MORE
from netprobe.aws.operations import OPERATIONS, Operation
from netprobe.aws.reading import Json


@dataclass(frozen=True, slots=True)
class Found:
    """One answer found in a file: which operation gave it, and the answer itself."""

    operation: Operation
    answer: Any


_TOLD_BY_CONTENT = frozenset({"items", "Items", "item", "PrefixLists", "Instances"})
_TOLD_BY_SUBJECT = frozenset({"Routes", "Associations", "Entries", "Domains"})
"""Keys of answers that say too little: without the request's id nobody knows whose they are."""

_PLAIN = {
    operation.key: operation
    for operation in OPERATIONS
    if operation.key and operation.key not in _TOLD_BY_CONTENT | _TOLD_BY_SUBJECT
}
_BY_NAME = {
    name: operation for operation in OPERATIONS for name in (operation.name, operation.call)
}
_ITEM_MARKS = (
    (ops.REST_APIS, ("endpointConfiguration", "apiKeySource", "rootResourceId")),
    (ops.REST_DOMAINS, ("domainName",)),
    (ops.APIS, ("ProtocolType",)),
    (ops.DOMAINS, ("DomainNameConfigurations",)),
)
"""API Gateway's lists are all called ``items`` or ``Items``: what is in them tells them apart."""

_FILE_MARKS = (
    (ops.REST_DOMAINS, re.compile(r"apigateway(?!v2).*domain", re.IGNORECASE)),
    (ops.DOMAINS, re.compile(r"apigatewayv2.*domain", re.IGNORECASE)),
    (ops.REST_APIS, re.compile(r"rest[-_ ]?apis?\b", re.IGNORECASE)),
    (ops.APIS, re.compile(r"apigatewayv2|get[-_ ]?apis\b|http[-_ ]?apis\b", re.IGNORECASE)),
)
"""The names of empty lists' files, where what is in them tells nothing."""

_IDS = {
    ops.TRANSIT_ROUTES: re.compile(r"tgw-rtb-[0-9a-z]+"),
    ops.TRANSIT_ASSOCIATIONS: re.compile(r"tgw-rtb-[0-9a-z]+"),
    ops.PREFIX_LIST_ENTRIES: re.compile(r"pl-[0-9a-z]+"),
    ops.FIREWALL_DOMAINS: re.compile(r"rslvr-fdl-[0-9a-z]+"),
    ops.HOSTED_ZONES: re.compile(r"vpc-[0-9a-z]+"),
    ops.RECORDS: re.compile(r"\bZ[0-9A-Z]{7,}"),
}
"""How the request's id looks in the name of a file that holds one answer."""

_OWN_KEYS: tuple[tuple[Operation, dict[str, type]], ...] = (
    (ops.HOSTED_ZONE, {"HostedZone": dict}),
    (ops.VPC_ATTRIBUTE, {"EnableDnsSupport": dict}),
    (ops.VPC_ATTRIBUTE, {"EnableDnsHostnames": dict}),
    (ops.ROLE_POLICY, {"RoleName": str, "PolicyName": str}),
    (ops.BUCKET_POLICY, {"Bucket": str, "Policy": str}),
    (ops.POLICY, {"Policy": dict}),
)
"""Answers that are told by keys no other answer has, and what stands under them."""

_SUBJECT_KEYS = {
    "Routes": ops.TRANSIT_ROUTES,
    "Associations": ops.TRANSIT_ASSOCIATIONS,
    "Entries": ops.PREFIX_LIST_ENTRIES,
    "Domains": ops.FIREWALL_DOMAINS,
    "HostedZoneSummaries": ops.HOSTED_ZONES,
    "ResourceRecordSets": ops.RECORDS,
}


def recognise(document: Json, file_name: str) -> Iterator[Found]:
    """Yield the answers in a JSON document; other keys are nobody's business here."""
    document = unwrapped(document)
    single = _single(document)
    if single is not None:
        yield single
        return
    for key, value in document.items():
        if value is not None:
            yield from _of_key(document, key, value, file_name)


def _single(document: Json) -> Found | None:
    """Return the one answer a document is, where its keys are that answer's own."""
    configuration = document.get("Configuration")  # GetFunction has the function inside
    inner = configuration if isinstance(configuration, dict) else document
    if isinstance(inner.get("FunctionArn"), str):
        return Found(ops.FUNCTION, inner)
    for operation, kinds in _OWN_KEYS:
        if all(isinstance(document.get(key), kind) for key, kind in kinds.items()):
            return Found(operation, document)
    return None


def unwrapped(document: Json) -> Json:
    """Return the answer itself out of the ``status_code`` and ``data`` some recorders add."""
    data = document.get("data")
    return data if isinstance(data, dict) and "status_code" in document else document


def _of_key(document: Json, key: str, value: Any, file_name: str) -> Iterator[Found]:
    if key in _BY_NAME or key in {"GetStages", "GetDomainNames"}:
        yield from _named(key, value)
    elif key in _SUBJECT_KEYS:
        yield from _of_subject(_SUBJECT_KEYS[key], document, file_name)
    elif key == "PrefixLists":
        yield from _prefix_lists(document, value)
    elif key in {"items", "Items"}:
        yield from _items(document, value, file_name)
    elif key == "ServiceNames" and "ServiceDetails" not in document:
        yield Found(ops.ENDPOINT_SERVICES, document)
    elif key in _PLAIN:
        yield Found(_PLAIN[key], _alone(document, key))
    else:
        yield from _respelled(document, key, value)


def _alone(document: Json, key: str) -> Json:
    """Return one answer out of a document with several, and whether it has more pages."""
    return {name: document[name] for name in (key, *MORE, "LoadBalancerArn") if name in document}


def _named(key: str, value: Any) -> Iterator[Found]:
    """Yield answers under the name of their call: one, or a list with one per request."""
    operation = _BY_NAME[key]
    for answer in value if isinstance(value, list) else [value]:
        yield Found(_of_service(operation, answer), answer)


def _of_service(operation: Operation, answer: Any) -> Operation:
    """Return which of API Gateway's two services has given an answer both could."""
    if operation.call == operation.answer_name and isinstance(answer, dict):
        for other in OPERATIONS:
            if other.name == operation.name and other.key in answer:
                return other
    return operation


def _of_subject(operation: Operation, document: Json, file_name: str) -> Iterator[Found]:
    """Yield an answer about one subject, if the document or the file's name says which."""
    if operation.subject in document:
        yield Found(operation, document)
        return
    named = set(_IDS[operation].findall(file_name))
    if len(named) == 1:
        yield Found(operation, document | {operation.subject: named.pop()})


def _prefix_lists(document: Json, value: Any) -> Iterator[Found]:
    """Yield prefix lists as of the call they come from; only one of the two tells CIDRs."""
    first = value[0] if isinstance(value, list) and value else None
    has_cidrs = isinstance(first, dict) and "Cidrs" in first
    operation = ops.PREFIX_LISTS if has_cidrs else ops.MANAGED_PREFIX_LISTS
    yield Found(operation, _alone(document, "PrefixLists"))


def _items(document: Json, value: Any, file_name: str) -> Iterator[Found]:
    """Yield one of API Gateway's lists, if what is in it or the file's name says which."""
    key = "items" if "items" in document else "Items"
    first = value[0] if isinstance(value, list) and value else None
    if isinstance(first, dict):
        fitting = [op for op, marks in _ITEM_MARKS if any(mark in first for mark in marks)]
    else:
        fitting = [op for op, pattern in _FILE_MARKS if pattern.search(file_name)]
    for operation in fitting[:1]:
        if operation.key == key:
            yield Found(operation, _alone(document, key))


_RESPELLED = {re.sub("list$", "", key.lower()): operation for key, operation in _PLAIN.items()}
_OWN_KEY = re.compile(r"[A-Z]\w*(?:Id|Arn|Name)")


def _respelled(document: Json, key: str, value: Any) -> Iterator[Found]:
    """Yield a list that a collector saved under its own spelling of AWS's key.

    ``internet_gateways`` and ``SubnetsList`` are such keys; the items have AWS's own.
    """
    spelled = re.sub("list$", "", key.replace("_", "").lower())
    is_answer = isinstance(value, list) and _has_own_keys(document, value)
    if not is_answer:
        return
    if spelled == "instances":
        if value or key != "Instances":  # describe-classic-link-instances has that key too
            plain = not value or "Instances" not in value[0]
            yield Found(
                ops.INSTANCES, {"Reservations": [{"Instances": value}] if plain else value}
            )
    elif spelled in _RESPELLED:
        operation = _RESPELLED[spelled]
        yield Found(operation, {operation.key: value})


def _has_own_keys(document: Json, value: list[Any]) -> bool:
    """Tell whether the items are AWS's; an empty list is if it stands beside one that is."""
    if value:
        return isinstance(value[0], dict) and any(map(_OWN_KEY.fullmatch, value[0]))
    return any(
        isinstance(other, list) and other and _has_own_keys({}, other)
        for other in document.values()
    )


_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]')
_DEEPEST = 2
"""Where answers' keys stand: at the top, or inside a wrapper."""


def recognise_broken(written: str, file_name: str) -> set[Operation]:
    """Return which answers were in a file that is no JSON any more, cut off as it may be."""
    found: set[Operation] = set()
    depth = 0
    for token in _TOKEN.finditer(written):
        match token[0]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case _ if token[2] and depth <= _DEEPEST:
                found |= _operations_of(token[1])
    if not found:
        plain = re.sub(r"[^a-z]", "", file_name.lower())
        fitting = [key for key in _PLAIN if key.lower() in plain]
        found = {_PLAIN[max(fitting, key=len)]} if fitting else set()
    return found


def _operations_of(key: str) -> set[Operation]:
    if key in _BY_NAME:
        return {_BY_NAME[key]}
    if key == "PrefixLists":
        return {ops.PREFIX_LISTS, ops.MANAGED_PREFIX_LISTS}
    known = _PLAIN.get(key) or _SUBJECT_KEYS.get(key)
    return {known} if known else set()
