"""Evidence without the names of those it came from, and with the same verdict.

Every text is taken for somebody's name unless it is known to be AWS's or netprobe's own: a value
that AWS enumerates, a region, a service's host, a number. Documents are walked by their keys and
values, not by their kinds, so that an answer nobody has seen yet is redacted too. What is
consistent stays so, and addresses keep what is inside of what, therefore routes, rules, policies
and names lead where they led.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Any

from netprobe.aws.evidence import Evidence
from netprobe.aws.pseudonyms import Pseudonyms
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.redacted_addresses import AddressMap
from netprobe.aws.vocabulary import is_condition, known_words
from netprobe.deploy.plan import is_probe
from netprobe.model.addresses import Network, parse_network
from netprobe.model.gap import Gap
from netprobe.workflows.asked_again import document_of_request, request_of_document

_TRIES = 64
"""Keys that are tried for one under which no address becomes another of the original."""

_NAMES = re.compile(
    r"(?i)(?:name|names|description|title|sid|value|comment|alias|environment|identifier)$"
)
"""Keys of what people chose: even a word of AWS's is a name there."""
_NAMED_BY_AWS = frozenset(
    {
        *("ServiceName", "ServiceNames", "PrefixListName", "NetworkBorderGroup", "RegionName"),
        *("ZoneName", "PolicyName", "AddressFamily"),
    }
)
_STATES = frozenset({"State", "Status", "Monitoring", "Code", "InstanceState", "IpamPool"})
"""Objects whose ``Name`` or ``Value`` is a state."""
_TAGS = frozenset({"Tags", "tags", "TagSet", "Variables", "stageVariables", "StageVariables"})
_PLAIN = frozenset(
    {
        *("cipher", "version", "alpn", "alert", "not_after", "rcode", "outcome", "stage"),
        *("family", "families", "schema", "client", "started_at", "finished_at", "iam_action"),
        *("call", "needed_for", "Runtime", "runtime", "Action", "NotAction", "Effect"),
        *("netprobe_version", "NetworkBorderGroup", "AvailabilityZone", "AvailabilityZoneId"),
        *("region", "Region", "IpProtocol", "x-amzn-errortype", "content-type", "VPCRegion"),
        "Engine",
    }
)
"""Keys whose values name nothing of anybody's."""
_LOOSE = frozenset({"error", "missing", "StateReason", "StateReasonCode", "issuer", "x-cache"})
"""Sentences of AWS, of the system and of netprobe: only what is known to be a name goes."""
_SAID = frozenset(
    {
        *("a", "access", "accessdenied", "allows", "amazon", "amazons3", "an", "anonymous", "api"),
        *("application", "authentication", "authorized", "awselb", "bad", "based", "because"),
        *("boundary", "by", "charset", "cloudfront", "code", "control", "date", "denied", "deny"),
        *("does", "endpoint", "error", "exceeded", "expired", "explicit", "forbidden", "found"),
        *("from", "gateway", "host", "hostid", "html", "http", "id", "identity", "in", "internal"),
        *("invalid", "is", "json", "key", "limit", "many", "match", "message", "missing", "my"),
        *("no", "not", "of", "on", "or", "perform", "permissions", "policy", "request"),
        *("requestid", "requests", "resource", "server", "service", "session", "signature"),
        *("text", "the", "this", "timeout", "to", "token", "too", "type", "unavailable", "user"),
        *("vpc", "waffiltered", "with", "xml"),
    }
)
"""Words that far ends of AWS refuse with."""
_SHORT_NUMBERS = re.compile(r"\d{1,5}")
_SHORT_RESOURCE = "execute-api:"
"""How a resource policy of an API may name the API itself."""
_CONNECTIONS = frozenset({"connections"})
"""The path below which a WebSocket API takes messages for its clients."""
_TARGET_KEYS = frozenset({"target", "targets"})
_CODE = re.compile(r"[A-Z]\w*(?:Exception|Error|Fault|Denied|Token|Match|Expired)(?::http\S*)?")


@dataclass(frozen=True, slots=True)
class Redaction:
    """One run's replacement of whatever names something."""

    pseudonyms: Pseudonyms

    def text(self, text: str) -> str:
        """Return a line of netprobe's own with the names in it replaced."""
        return self.pseudonyms.text(text, loose=True)

    def value(self, value: Any, key: str = "", above: str = "") -> Any:
        """Return a JSON value redacted; ``key`` and ``above`` are the names it lies under."""
        if isinstance(value, dict):
            inner = above if key in _TAGS else key
            return {
                self.key(name, key): self.value(item, name, inner if key in _TAGS else key)
                if key not in _TAGS
                else self._tag(item)
                for name, item in value.items()
            }
        if isinstance(value, list):
            if key in _TAGS:
                return [self._tag(item) for item in value]
            return [self.value(item, key, above) for item in value]
        if isinstance(value, bool) or value is None or isinstance(value, float):
            return value
        if isinstance(value, int):
            is_account = len(str(value)) == 12  # noqa: PLR2004 # digits of an account
            return int(self.pseudonyms.word(str(value))) if is_account else value
        return self._string(str(value), key, above)

    def _tag(self, item: Any) -> Any:
        """Return a tag with all of it replaced but the words Key and Value themselves."""
        if isinstance(item, dict):
            return {
                name if name in {"Key", "Value"} else self.pseudonyms.text(name): self._tag(one)
                for name, one in item.items()
            }
        if isinstance(item, list):
            return [self._tag(one) for one in item]
        return self.pseudonyms.text(item) if isinstance(item, str) else self.value(item)

    def key(self, name: str, above: str) -> str:
        """Return a key: AWS's, netprobe's and IAM's stay, all others are somebody's."""
        keys, _ = known_words()
        if above in _TAGS:
            return self.pseudonyms.text(name)
        if name in keys:
            return name
        if found := is_condition(name):
            rest = name[found.end() :]
            return found[0] + self.pseudonyms.text(rest)
        if name.startswith(("apigateway:", "apigatewayv2:", "ec2:")):
            return name
        return self._target(name) if name.startswith("api:") else self.pseudonyms.text(name)

    def _string(self, text: str, key: str, above: str) -> str:  # noqa: PLR0911 # a kind each
        if not text or key in _PLAIN or is_probe(text):
            return text
        if key in _TARGET_KEYS:
            return self._target(text)
        if text[:1] in "{[" and (document := _document(text)) is not None and key != "body":
            return json.dumps(self.value(document, key, above))
        if self._is_of_aws(text, key, above):
            return text
        if text.startswith(_SHORT_RESOURCE):
            return _SHORT_RESOURCE + self.pseudonyms.text(text.removeprefix(_SHORT_RESOURCE))
        if key in _LOOSE:
            return self.pseudonyms.text(text, loose=True)
        if key == "body" or above == "headers":
            return self._said(text)
        return self.pseudonyms.text(text)

    def _is_of_aws(self, text: str, key: str, above: str) -> bool:
        """Tell whether a value is one that AWS itself chose."""
        _, values = known_words()
        is_name = _NAMES.search(key) and key not in _NAMED_BY_AWS and above not in _STATES
        if is_name:
            return text in {"default", "$default", "$LATEST", "AmazonProvidedDNS"}
        return text in values or _SHORT_NUMBERS.fullmatch(text) is not None

    def _target(self, text: str) -> str:
        """Return a target as it is asked for now: services and ports stay."""
        if text.startswith("service:") or text == "control":
            return text
        head, mark, port = text.rpartition(":")
        if mark and port.isdecimal() and not head.endswith(":") and head.count(":") < 3:  # noqa: PLR2004 # no IPv6
            return f"{self._target(head) if head else head}:{port}"
        scheme, mark, rest = text.partition("://")
        if mark:
            host, slash, path = rest.partition("/")
            told = self.pseudonyms.text(path, keep=_CONNECTIONS)
            return f"{scheme}://{self.pseudonyms.text(host)}{slash}{told}"
        return self.pseudonyms.text(text)

    def _said(self, text: str) -> str:
        """Return what a far end said, with AWS's own words left."""
        if _CODE.fullmatch(text):
            return text
        codes = frozenset(
            word.lower()
            for word in re.findall(r"\w+", text)
            if _CODE.fullmatch(word) or _SHORT_NUMBERS.fullmatch(word)
        )
        action = re.search(r"perform:? ([a-z0-9-]+:[A-Za-z*]+)", text)
        acted = frozenset(re.split(r"[:-]", action[1].lower())) if action else frozenset()
        return self.pseudonyms.text(text, keep=_SAID | codes | acted)


def redact(evidence: Evidence) -> tuple[Evidence, Redaction]:
    """Return evidence in which nothing is named as it was, and what was replaced how."""
    texts = list(_texts([*evidence.documents().values()]))
    redaction = Redaction(Pseudonyms(_address_map(texts), _words(texts)))
    raws = tuple(_raw(redaction, raw) for raw in evidence.raws)
    return (
        replace(
            evidence,
            raws=raws,
            observations={
                redaction.key(source, ""): redaction.value(seen)
                for source, seen in evidence.observations.items()
            },
            request=request_of_document(redaction.value(document_of_request(evidence.request)))
            if evidence.request
            else None,
        ),
        redaction,
    )


def redact_snapshot(raw: RawSnapshot) -> RawSnapshot:
    """Return a snapshot in which nothing is named as it was."""
    return redact(Evidence(raws=(raw,)))[0].raws[0]


def _raw(redaction: Redaction, raw: RawSnapshot) -> RawSnapshot:
    account = redaction.pseudonyms.text(raw.account) if raw.account else raw.account
    answers = RawSnapshot("", None, raw.answers).document()["answers"]  # times as texts
    return RawSnapshot(
        region=raw.region,
        account=account,
        answers=redaction.value(answers),
        gaps=tuple(_gap(redaction, gap) for gap in raw.gaps),
    )


def _gap(redaction: Redaction, gap: Gap) -> Gap:
    return replace(
        gap,
        error=redaction.text(gap.error),
        subjects=frozenset(map(redaction.pseudonyms.text, gap.subjects)),
    )


def _address_map(texts: Iterable[str]) -> AddressMap:
    """Return a permutation under which, if one is found, nobody gets another's address."""
    networks = {network for text in texts for network in _networks(text)}
    blocks = [item for item in networks if isinstance(item, IPv4Network)]
    found = AddressMap(secrets.token_bytes(32), blocks)
    for _ in range(_TRIES):
        mapped = {found.network(item) for item in networks}
        unchanged = {item for item in mapped & networks if AddressMap.is_somebodys(item)}
        if not unchanged:
            break
        found = AddressMap(secrets.token_bytes(32), blocks)
    return found


_ADDRESS = re.compile(r"[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+(?:/\d{1,3})?")


def _networks(text: str) -> Iterator[Network]:
    for written in _ADDRESS.findall(text):
        try:
            yield parse_network(written)
        except ValueError:
            continue


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[0-9A-Za-z]+", text)}


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, keys too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except (RecursionError, ValueError):
        return None
