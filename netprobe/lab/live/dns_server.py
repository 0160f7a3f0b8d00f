"""DNS servers of the lab, over UDP and TCP: Amazon's in each VPC, and those of a world file."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from netprobe.lab.live.answers import Answer, NoAnswerError
from netprobe.lab.network.linux import inside

logger = logging.getLogger(__name__)

PORT = 53
_TTL = 5
_LARGEST = 4096
Answers = Callable[[str, str, str], Answer]
"""Answers a name, a record type and the address that asks."""


def reply_to(query: bytes, answer_of: Answers, source: str) -> bytes:
    """Return the reply to a query in wire format; SERVFAIL where the answer cannot be made."""
    message = dns.message.from_wire(query)
    reply = dns.message.make_response(message, recursion_available=True)
    question = message.question[0]
    kind = dns.rdatatype.to_text(question.rdtype)
    try:
        found = answer_of(question.name.to_text(omit_final_dot=True).lower(), kind, source)
    except NoAnswerError:
        reply.set_rcode(dns.rcode.SERVFAIL)
        return reply.to_wire()
    except Exception:  # a control plane in trouble must look like a resolver in trouble
        logger.exception("no answer for %s", question.name)
        reply.set_rcode(dns.rcode.SERVFAIL)
        return reply.to_wire()
    if not found.exists:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    owner = question.name
    for cname in found.cnames:
        target = dns.name.from_text(cname)
        reply.answer.append(_records(owner, "CNAME", (target.to_text(),)))
        owner = target
    if found.addresses:
        reply.answer.append(_records(owner, kind, found.addresses))
    return reply.to_wire()


def _records(owner: dns.name.Name, kind: str, values: tuple[str, ...]) -> dns.rrset.RRset:
    return dns.rrset.from_text(owner, _TTL, dns.rdataclass.IN, kind, *values)


class DnsServer:
    """Listens at addresses of a namespace until it is closed."""

    def __init__(
        self,
        namespace: str,
        addresses: tuple[str, ...],
        answer_of: Answers,
    ) -> None:
        self._answer_of = answer_of
        self._sockets: list[socket.socket] = []
        with inside(namespace):
            servers = [self._listen(address) for address in addresses]
        # A thread keeps the namespace it is started in, and these ask the control plane outside.
        for udp, tcp in servers:
            threading.Thread(target=self._serve_udp, args=(udp,), daemon=True).start()
            threading.Thread(target=self._serve_tcp, args=(tcp,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        for item in self._sockets:
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()

    def _listen(self, address: str) -> tuple[socket.socket, socket.socket]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        udp = socket.socket(family, socket.SOCK_DGRAM)
        udp.bind((address, PORT))
        tcp = socket.create_server((address, PORT), family=family)
        self._sockets += [udp, tcp]
        return udp, tcp

    def _serve_udp(self, server: socket.socket) -> None:
        while True:
            try:
                query, peer = server.recvfrom(_LARGEST)
            except OSError:
                return  # closed
            if not query:
                return  # being closed: nothing came from nobody
            arguments = (server, query, peer)
            threading.Thread(target=self._answer_udp, args=arguments, daemon=True).start()

    def _answer_udp(self, server: socket.socket, query: bytes, peer: tuple[Any, ...]) -> None:
        with contextlib.suppress(OSError, dns.exception.DNSException, IndexError):
            server.sendto(reply_to(query, self._answer_of, peer[0]), peer)

    def _serve_tcp(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._answer_tcp, args=(connection,), daemon=True).start()

    def _answer_tcp(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection, contextlib.suppress(OSError, dns.exception.DNSException, struct.error):
            (length,) = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))
            query = connection.recv(length, socket.MSG_WAITALL)
            reply = reply_to(query, self._answer_of, connection.getpeername()[0])
            connection.sendall(struct.pack("!H", len(reply)) + reply)
