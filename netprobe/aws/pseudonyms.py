"""Names, ids and addresses replaced in texts: the same one by the same, by a key of the run.

Nothing of an original can be worked out from what stands for it: words and ids are drawn, and the
addresses' key is thrown away with the run.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass, field
from functools import partial

from netprobe.aws.dump_files import REGION
from netprobe.aws.redacted_addresses import AddressMap
from netprobe.aws.vocabulary import service_labels
from netprobe.model.addresses import parse_address, parse_network

_SHORTEST = 5
"""Of a drawn word; longer ones keep their length, as AWS tells its ids by it."""
_HEX = "0123456789abcdef"
_ALPHABET = string.ascii_lowercase + string.digits
_DOMAINS = (
    *("amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "api.aws", "on.aws", "cloudfront.net"),
    *("amazonwebservices.com.cn", "awsglobalaccelerator.com", "ec2.internal", "compute.internal"),
    *("compute-1.internal", "amazonwebservices.eu", "aws.dev"),
)
"""AWS's own: what is known of a name by its end stays known."""

_PREFIXES = (
    "acl|aclassoc|ami|assoc|attach|cagw|cgw|cidr|dopt|eigw|eipalloc|eipassoc|ela|eni|fdl|frg|frga"
    "|i|igw|instance|lgw|nat|pcx|pl|r|rr|rslvr|rtb|rtbassoc|sg|sgr|snap|subnet|svc|tgw|vgw|vol"
    "|vpc|vpce|vpn|o|ou"
)
"""What AWS's ids begin with, and what some of their parts are called."""

_TOKEN = re.compile(
    rf"""
    (?P<arn>arn:aws[a-z-]*:[a-z0-9*?-]*:[a-z0-9*?-]*:)
    |(?P<time>\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)
    |(?<![0-9A-Za-z:])(?P<mac>[0-9A-Fa-f]{{2}}(?::[0-9A-Fa-f]{{2}}){{5}})(?![0-9A-Za-z:])
    |(?<![0-9A-Za-z:.])(?P<ipv6>[0-9A-Fa-f]{{0,4}}(?::[0-9A-Fa-f]{{0,4}}){{2,7}}(?:\d+(?:\.\d+){{3}})?(?:/\d{{1,3}})?)(?![0-9A-Za-z:])
    |(?<![0-9A-Za-z.])(?P<ipv4>\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:/\d{{1,2}})?)(?![0-9A-Za-z])(?!\.\d)
    |(?P<dashed>(?<![0-9A-Za-z])(?:ip|ec2)-\d{{1,3}}(?:-\d{{1,3}}){{3}})(?![0-9A-Za-z])
    |(?<![0-9A-Za-z])(?P<region>{REGION.pattern}[a-z]?|[a-z]{{3,4}}\d-az\d)(?![0-9A-Za-z])
    |(?<![0-9A-Za-z])(?P<prefix>(?:{_PREFIXES})(?=-))
    |(?P<hex>(?<=-)(?:[0-9a-f]{{17}}|[0-9a-f]{{8}}))(?![0-9A-Za-z])
    |(?P<account>(?<![0-9A-Za-z])\d{{12}}(?![0-9A-Za-z]))
    |(?P<escape>\\052)
    |(?P<word>[^\s!-/:-@\[-`{{-~]+)
    """,
    re.VERBOSE,
)
_HOST = re.compile(r"(?=.*[A-Za-z])(?:[\w*\\-]+\.)+[\w-]+\.?")
_ARN_KINDS = frozenset(
    {
        *("function", "role", "user", "group", "root", "restapis", "apis", "stages", "app", "net"),
        *("gwy", "loadbalancer", "listener", "assumed-role", "policy", "vpc", "domainnames"),
        *("ELB", "AWS", "Lambda", "VPC", "ENI", "api", "http", "https", "wss", "tcp", "udp"),
        *("ntp", "dns", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "domainname"),
        *("prefix", "list", "security", "subnet", "instance", "endpoint", "service", "table"),
        *("cluster", "db"),
    }
)
"""Words that say what a name is of, in ARNs, in targets and in what AWS describes itself."""


def is_host(text: str) -> bool:
    """Tell whether a text is one name of the DNS, or of a service that is named like one."""
    return _HOST.fullmatch(text) is not None and not _is_address(text)


def _is_address(text: str) -> bool:
    try:
        parse_network(text)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class Pseudonyms:
    """What stands for what, for one run."""

    addresses: AddressMap
    taken: set[str]
    """Words of the original, none of which may stand for another."""
    words: dict[str, str] = field(default_factory=dict)

    def text(self, text: str, *, keep: frozenset[str] = frozenset(), loose: bool = False) -> str:
        """Return a text with all that may name something replaced.

        ``keep`` are words in lower case that stay; ``loose`` keeps those that name nothing yet.
        """
        if is_host(text):
            return self.host(text)
        in_words = partial(self._token, keep=keep, loose=loose)
        hosts = re.compile(r"(?<![\w.:-])(?:[A-Za-z0-9_*][\w*-]*\.)+[A-Za-z][\w-]*\.?(?![\w])")
        parts, end = [], 0
        for match in hosts.finditer(text):
            parts += [_TOKEN.sub(in_words, text[end : match.start()]), self.host(match[0])]
            end = match.end()
        return "".join((*parts, _TOKEN.sub(in_words, text[end:])))

    def host(self, name: str) -> str:
        """Return a host name, label for label; what AWS calls its own hosts stays."""
        labels = name.lower().split(".")
        bare = name.lower().rstrip(".")
        kept = len(labels)
        if bare.endswith(tuple(f".{item}" for item in _DOMAINS)) or bare in _DOMAINS:
            while kept and _is_of_aws(labels[kept - 1]):
                kept -= 1
        elif bare.startswith(("com.amazonaws.", "aws.api.", "aws.sagemaker.")):
            return ".".join(item if _is_of_aws(item) else self._label(item) for item in labels)
        elif bare.endswith(".arpa"):
            kept -= 2
        return ".".join((*map(self._label, labels[:kept]), *labels[kept:]))

    def _label(self, label: str) -> str:
        return _TOKEN.sub(partial(self._token, keep=_IN_LABELS, loose=False), label)

    def _token(self, match: re.Match[str], *, keep: frozenset[str], loose: bool) -> str:
        kind, found = str(match.lastgroup), match[0]
        if kind in {"arn", "time", "region", "prefix", "escape"}:
            return found
        if kind in {"ipv4", "ipv6"}:
            return self.address(found) or self._pieces(found, keep=keep, loose=loose)
        if kind == "dashed":
            head, _, numbers = found.partition("-")
            mapped = self.address(numbers.replace("-", "."))
            return f"{head}-{mapped.replace('.', '-')}" if mapped else self.word(found)
        if kind == "word" and (found in _ARN_KINDS or found.lower() in keep):
            return found
        if kind == "word" and loose and found not in self.words:
            return found
        return self.word(found)

    def _pieces(self, text: str, *, keep: frozenset[str], loose: bool) -> str:
        """Return what looked like an address and is none, word for word."""
        parts = re.split(r"([:./])", text)
        return "".join(
            part
            if part in set(":./") or not part or part.lower() in keep or loose
            else self.word(part)
            for part in parts
        )

    def address(self, text: str) -> str | None:
        """Return what stands for an address or network, None for a text that is neither."""
        try:
            if "/" in text:
                return str(self.addresses.network(parse_network(text)))
            return str(self.addresses.address(parse_address(text)))
        except ValueError:
            return None

    def word(self, word: str) -> str:
        """Return what stands for a word, an id or an account, of the same make."""
        known = self.words.get(word)
        if known is None:
            known = self._draw(word)
            while known in self.taken:
                known = self._draw(word)
            self.taken.add(known)
            self.words[word] = known
        return known

    def _draw(self, word: str) -> str:
        length = len(word)
        if ":" in word:  # an interface's own address, locally administered
            return ":".join(("02", *(secrets.token_hex(1) for _ in range(5))))
        if word.isdecimal() and length == 12:  # noqa: PLR2004 # an account
            return "".join(secrets.choice("123456789") for _ in range(length))
        if length in {8, 17} and not set(word) - set(_HEX):
            return "".join(secrets.choice(_HEX) for _ in range(length))
        tail = (secrets.choice(_ALPHABET) for _ in range(max(length, _SHORTEST) - 1))
        return "".join((secrets.choice(string.ascii_lowercase), *tail))


_IN_LABELS = frozenset({"internal", "dualstack", "*"})
"""Beginnings of names that say what kind of load balancer they are of."""


def _is_of_aws(label: str) -> bool:
    return not label or label in service_labels() or REGION.fullmatch(label) is not None
