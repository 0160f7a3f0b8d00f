from __future__ import annotations

import dns.message
import pytest

from probe_lambda.dns_message import DnsMessageError, Question, Reply
from tests.unit.probe_lambda.loopback import records, truncated

HOST = "api.example"


def reply_to(question, *lines, rcode="NOERROR"):
    query = dns.message.from_wire(question.wire)
    return question.read(records(query, *lines, rcode=rcode).to_wire())


def test_the_whole_alias_chain_and_its_shortest_life_are_kept():
    found = reply_to(
        Question(HOST, "ipv4"),
        "api.example. 300 IN CNAME front.example.net.",
        "front.example.net. 20 IN CNAME edge.example.org.",
        "edge.example.org. 60 IN A 198.51.100.10",
        "edge.example.org. 60 IN A 198.51.100.11",
        "other.example. 60 IN A 198.51.100.99",
    )

    assert found == Reply(
        rcode="NOERROR",
        addresses=("198.51.100.10", "198.51.100.11"),
        cname=("front.example.net", "edge.example.org"),
        ttl=20,
    )


def test_an_alias_to_a_name_that_does_not_exist_is_nxdomain_with_its_chain():
    question = Question(HOST, "ipv6")

    found = reply_to(question, "api.example. 5 IN CNAME gone.example.", rcode="NXDOMAIN")

    assert (found.rcode, found.addresses, found.cname) == ("NXDOMAIN", (), ("gone.example",))


@pytest.mark.parametrize(
    ("rcode", "conclusive"),
    [("NOERROR", True), ("NXDOMAIN", True), ("SERVFAIL", False), ("REFUSED", False)],
)
def test_only_an_answer_about_the_name_is_conclusive(rcode, conclusive):
    assert reply_to(Question(HOST, "ipv4"), rcode=rcode).conclusive is conclusive


def test_a_refusal_without_its_question_is_read():
    question = Question(HOST, "ipv4")
    refusal = records(dns.message.from_wire(question.wire), rcode="REFUSED")
    refusal.question = []

    assert question.read(refusal.to_wire()).rcode == "REFUSED"


def test_records_of_unknown_kinds_do_no_harm():
    found = reply_to(
        Question(HOST, "ipv4"),
        r"api.example. 60 IN TYPE65280 \# 2 abcd",
        "api.example. 60 IN A 198.51.100.10",
    )

    assert found.addresses == ("198.51.100.10",)


@pytest.mark.parametrize(
    "host", ["a..example", f"{'a' * 64}.example", ".".join(["a" * 60] * 5), ".example"]
)
def test_what_is_no_name_is_refused_with_the_reason(host):
    with pytest.raises(DnsMessageError, match="is not a DNS name: "):
        Question(host, "ipv4")


def test_a_final_dot_changes_nothing():
    assert Question("api.example.", "ipv4").wire[2:] == Question(HOST, "ipv4").wire[2:]


def test_the_answer_to_another_question_is_refused():
    question = Question(HOST, "ipv4")
    reply = dns.message.from_wire(question.wire)
    other = records(dns.message.make_query("other.example", "A", id=reply.id))

    with pytest.raises(DnsMessageError, match="another question"):
        question.read(other.to_wire())


def test_an_alias_loop_is_malformed():
    question = Question(HOST, "ipv4")

    with pytest.raises(DnsMessageError, match="malformed reply"):
        reply_to(
            question,
            "api.example. 60 IN CNAME loop.example.",
            "loop.example. 60 IN CNAME api.example.",
        )


def test_cut_off_bytes_are_malformed():
    question = Question(HOST, "ipv4")

    with pytest.raises(DnsMessageError, match="malformed reply"):
        question.read(question.wire[:14])


def test_truncation_and_the_transaction_are_read_from_the_header():
    question = Question(HOST, "ipv4")
    reply = truncated(dns.message.from_wire(question.wire))

    assert question.was_truncated(reply)
    assert question.is_answered_by(reply)
    assert not question.is_answered_by(bytes([reply[0] ^ 1]) + reply[1:])
    assert not question.is_answered_by(reply[:11])
