"""DNS servers that are not Amazon's: those of a world file, and those that rules forward to."""

from __future__ import annotations

import random

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset

from netprobe.lab.live.answers import NXDOMAIN, Answer, NoAnswerError
from netprobe.lab.live.names import PublicNames
from netprobe.lab.live.vpc_resolver import Rule, VpcResolver
from netprobe.lab.network.linux import inside
from netprobe.lab.network.world import Resolver

_PATIENCE_SECONDS = 0.8
"""For each target: a client asks again after a second, and has given up after two."""


def ask_targets(rule: Rule, name: str, kind: str, namespace: str) -> Answer:
    """Ask a rule's targets, in any order, from the interface of the outbound endpoint.

    The queries are packets of that interface: its subnet's routes and ACL and its groups apply.
    See "How Route 53 Resolver forwards DNS queries from your VPCs to your network".

    Raises:
        NoAnswerError: no target answered, or what it answered is a failure.
    """
    for address, port in random.sample(rule.targets, len(rule.targets)):
        query = dns.message.make_query(name, kind)
        try:
            with inside(namespace):
                reply = dns.query.udp(query, address, timeout=_PATIENCE_SECONDS, port=port)
        except (OSError, dns.exception.DNSException):
            continue  # silent, unreachable or no DNS server: the next one may answer
        return _read(reply)
    message = f"none of the targets of the rule for {rule.domain or '.'} answered"
    raise NoAnswerError(message)


def _read(reply: dns.message.Message) -> Answer:
    if reply.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        message = dns.rcode.to_text(reply.rcode())
        raise NoAnswerError(message)
    cnames, addresses = [], []
    for records in reply.answer:
        for record in records:
            text = record.to_text().rstrip(".")
            if records.rdtype == dns.rdatatype.CNAME:
                cnames.append(text)
            elif records.rdtype == reply.question[0].rdtype:
                addresses.append(text)
    return Answer(
        addresses=tuple(addresses),
        cnames=tuple(cnames),
        exists=reply.rcode() == dns.rcode.NOERROR,
    )


def answer_as(
    declared: Resolver, amazon: VpcResolver, public: PublicNames, question: tuple[str, str]
) -> Answer:
    """Answer as a server of a world file: with what the one it forwards to says.

    Amazon's resolver answers whoever forwards to it as it answers the forwarder's own VPC and
    subnet. A server that forwards to nobody knows no name.

    Raises:
        NoAnswerError: it forwards to Amazon's resolver, and the VPC has none.
    """
    match declared.forwards_to:
        case "vpc":
            if not amazon.described.dns_support:
                message = "enableDnsSupport is off"
                raise NoAnswerError(message)
            return amazon.answer(*question, declared.address)
        case "public":
            return public.answer(*question)
        case _:
            return NXDOMAIN
