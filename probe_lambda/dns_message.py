"""DNS messages: the question of one name and family, and what a reply to it says.

The only module of the probe that imports dnspython, so that the others load without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import dns.exception
import dns.message
import dns.name
import dns.rcode

if TYPE_CHECKING:
    from probe_lambda.wire import Family

_RDTYPES = {"ipv4": "A", "ipv6": "AAAA"}
_HEADER_BYTES = 12
_TRUNCATED = 0x02  # the TC bit, in the third byte (RFC 1035 section 4.1.1)


class DnsMessageError(ValueError):
    """A name that cannot be asked for, or a reply that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered."""

    rcode: str
    addresses: tuple[str, ...]
    cname: tuple[str, ...]
    """The names the question's name was an alias for, the last one being the canonical."""
    ttl: int
    """Seconds until the first record of the answer expires."""

    @property
    def conclusive(self) -> bool:
        """Tell whether another server could not know better, as the C library sees it."""
        return self.rcode in {"NOERROR", "NXDOMAIN"}


class Question:
    """One question, the same to every server."""

    def __init__(self, host: str, family: Family) -> None:
        try:
            # Absolute: what is asked about is an address on the wire, not a search list.
            name = dns.name.from_text(host, dns.name.root)
        except dns.exception.DNSException as error:
            message = f"{host!r:.80} is not a DNS name: {error}"
            raise DnsMessageError(message) from error
        self._query = dns.message.make_query(name, _RDTYPES[family], use_edns=False)
        self.wire = self._query.to_wire()

    def is_answered_by(self, wire: bytes) -> bool:
        """Tell whether these bytes claim to answer this question; others are none of ours."""
        return len(wire) >= _HEADER_BYTES and wire[:2] == self.wire[:2]

    def was_truncated(self, wire: bytes) -> bool:
        """Tell whether the whole answer is to be asked for over TCP."""
        return bool(wire[2] & _TRUNCATED)

    def read(self, wire: bytes) -> Reply:
        """Return what the reply says; raises DnsMessageError when it says nothing readable."""
        try:
            reply = dns.message.from_wire(wire)
            if not self._query.is_response(reply):
                message = "the reply is to another question"
                raise DnsMessageError(message)
            if not reply.question:  # some servers leave it out of a refusal
                reply.question = self._query.question
            chain = cast("dns.message.QueryMessage", reply).resolve_chaining()
        except dns.exception.DNSException as error:
            message = f"malformed reply: {error}"
            raise DnsMessageError(message) from error
        return Reply(
            rcode=dns.rcode.to_text(reply.rcode()),
            addresses=tuple(dict.fromkeys(record.address for record in chain.answer or ())),
            cname=tuple(str(alias[0].target).rstrip(".") for alias in chain.cnames),
            ttl=chain.minimum_ttl,
        )
