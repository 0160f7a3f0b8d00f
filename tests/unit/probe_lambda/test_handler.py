from __future__ import annotations

import json
import math
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probe_lambda.handler import fit, handle, probe
from probe_lambda.reach import MOST_ADDRESSES
from probe_lambda.sandbox import Resolver
from probe_lambda.wire import (
    SCHEMA,
    HttpRequest,
    ProbeRequest,
    Target,
    result_from_json,
    to_json,
)
from tests.unit.probe_lambda.loopback import answering, records, sandbox, stay_silent

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
# Events that get past the schema's name but may be wrong anywhere else; port 0 and no name keep
# those that are right by chance away from any network.
ALMOST_REQUESTS = st.fixed_dictionaries(
    {"schema": st.sampled_from([SCHEMA, "netprobe.probe/2"]) | JSON_VALUES},
    optional={
        "targets": JSON_VALUES
        | st.lists(
            st.fixed_dictionaries(
                {
                    "id": JSON_VALUES,
                    "host": st.just("127.0.0.1"),
                    "port": st.just(0) | JSON_VALUES,
                },
                optional={"tls": JSON_VALUES, "http": JSON_VALUES, "families": JSON_VALUES},
            ),
            max_size=2,
        ),
        "timeout_seconds": JSON_VALUES,
    },
)


REFUSED = "the request was refused: "


class Lambda:
    """Lambda's context with this much time left."""

    def __init__(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds
        self.aws_request_id = "8c3a1a6e-0000-4000-8000-1234567890ab"

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


def event(*targets, timeout=1.0):
    return json.loads(to_json(ProbeRequest(targets=targets, timeout_seconds=timeout)))


def read(answer):
    """Return what Lambda's caller would read."""
    return result_from_json(json.dumps(answer))


@given(JSON_VALUES | ALMOST_REQUESTS)
def test_any_event_gets_a_result(junk):
    """Whatever comes in, a result of the schema comes out and nothing is raised."""
    answer = read(handle(junk, None))

    assert answer.error is not None or answer.results is not None


@pytest.mark.parametrize(
    ("junk", "error"),
    [
        (None, REFUSED + "expected schema netprobe.probe/1, found 'NoneType'"),
        ({}, REFUSED + "expected schema netprobe.probe/1, found None"),
        (
            {"schema": "netprobe.probe/2", "targets": []},
            REFUSED + "expected schema netprobe.probe/1, found 'netprobe.probe/2'",
        ),
        (
            {"schema": SCHEMA, "targets": [], "shell": "id"},
            REFUSED + "ProbeRequest: unknown key 'shell'",
        ),
        (
            {"schema": SCHEMA},
            REFUSED + "ProbeRequest: missing 1 required keyword-only argument: 'targets'",
        ),
    ],
    ids=["none", "empty", "next version", "unknown key", "no targets"],
)
def test_a_request_that_is_none_is_refused_with_the_reason(junk, error):
    answer = read(handle(junk, None))

    assert (answer.error, answer.results) == (error, ())


def test_a_target_is_probed_with_the_trust_store_of_the_sandbox(loopback, trusted):
    port = loopback.serve(
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        tls=trusted.server("127.0.0.1"),
    )
    target = Target(id="api", host="127.0.0.1", port=port, http=HttpRequest(path="/"))

    answer = read(handle(event(target), Lambda(30_000)))

    ipv4, ipv6 = answer.results
    assert (ipv4.target, ipv4.family, ipv4.outcome) == ("api", "ipv4", "reachable")
    assert [stage.stage for stage in ipv4.stages] == ["connect", "handshake", "request"]
    assert ipv6.outcome == "not-probed"
    assert (answer.missing, answer.error) == ((), None)
    assert answer.started_at <= answer.finished_at


def test_a_result_names_its_invocation_even_when_nothing_was_probed():
    """Lambda's logs and AWS's support are asked by this id."""
    answers = [read(handle(junk, Lambda(30_000))) for junk in (None, event())]

    assert {answer.request_id for answer in answers} == {"8c3a1a6e-0000-4000-8000-1234567890ab"}
    assert read(handle(event(), None)).request_id is None


def test_the_invocations_end_comes_before_a_stages_deadline(loopback):
    target = Target(id="api", host="127.0.0.1", port=loopback.serve(stay_silent))
    begun = time.monotonic()

    answer = read(handle(event(target, timeout=60), Lambda(1_000)))

    assert time.monotonic() - begun < 1.0
    assert answer.results[0].outcome == "timeout"
    [sentence] = answer.missing
    assert sentence.startswith("api over ipv4: handshake was cut short after 0.")


def test_no_time_at_all_still_gives_a_result(loopback):
    target = Target(id="api", host="127.0.0.1", port=loopback.serve(stay_silent))

    answer = read(handle(event(target), Lambda(0)))

    assert answer.results[0].outcome == "not-probed"
    assert len(answer.missing) == 1


def test_a_context_that_fails_is_told_in_the_result():
    answer = read(handle(event(), object()))

    assert answer.error.startswith("the probe failed: AttributeError(")


def test_a_fault_costs_one_target_and_not_the_others(loopback):
    """Python refuses this resolver's port with an error that is none of the network."""
    faulty = Resolver(address="127.0.0.1", port=70_000)
    port = loopback.serve(stay_silent)
    plain = Target(id="plain", host="127.0.0.1", port=port, tls=False)
    request = ProbeRequest(targets=(replace(plain, id="strange", host="a.example"), plain))

    answer = probe(request, sandbox(faulty), ends_at=math.inf)

    assert {(result.target, result.family): result.outcome for result in answer.results} == {
        ("strange", "ipv4"): "not-probed",
        ("strange", "ipv6"): "not-probed",
        ("plain", "ipv4"): "reachable",
        ("plain", "ipv6"): "not-probed",
    }
    [sentence] = answer.missing
    assert sentence.startswith("strange: the probe failed: OverflowError(")


def test_a_fault_in_the_look_at_a_name_does_not_take_the_targets_along(loopback):
    """A server that is no text, which the wire would have refused, stands for a bug."""
    port = loopback.serve(stay_silent)
    plain = Target(id="plain", host="127.0.0.1", port=port, tls=False)
    named = Target(id="named", host="a.example", port=0)
    request = ProbeRequest(targets=(plain, named), names=True, timeout_seconds=0.5)
    object.__setattr__(request, "other_resolvers", (5,))

    answer = probe(request, sandbox(), ends_at=math.inf)

    assert answer.names == ()
    assert answer.missing[0].startswith("a.example: the probe failed: ")
    assert answer.results[0].outcome == "reachable"


def test_addresses_that_were_not_tried_are_said(loopback):
    lines = [f"many.example. 60 IN A 127.0.1.{n}" for n in range(1, 21)]

    def answer(query, _transport):
        wanted = lines if query.question[0].rdtype.name == "A" else []
        return records(query, *wanted).to_wire()

    target = Target(id="many", host="many.example", port=1, tls=False)

    result = probe(
        ProbeRequest(targets=(target,), timeout_seconds=1),
        sandbox(loopback.serve_dns(answer)),
        ends_at=math.inf,
    )

    assert result.missing == (
        f"many over ipv4: only {MOST_ADDRESSES} of 20 addresses were tried.",
    )


def test_many_targets_half_of_them_silent_take_about_one_deadline(loopback):
    """All are probed at once: 64 of them must not take 64 deadlines, nor 32."""
    silent = loopback.serve(stay_silent)
    speaking = loopback.serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))

    def answer(query, _transport):
        name, rdtype = query.question[0].name, query.question[0].rdtype.name
        address = "127.0.0.1" if rdtype == "A" else "::ffff:127.0.0.1"
        return records(query, f"{name} 60 IN {rdtype} {address}").to_wire()

    targets = tuple(
        Target(
            id=str(n),
            host=f"t{n}.example",
            port=(silent, speaking)[n % 2],
            tls=False,
            http=HttpRequest(path="/"),
        )
        for n in range(64)
    )
    request = ProbeRequest(targets=targets, timeout_seconds=3.0)
    begun = time.monotonic()

    result = probe(request, sandbox(loopback.serve_dns(answer)), ends_at=math.inf)

    assert time.monotonic() - begun < 8 * 3.0  # of 64 deadlines, or 32
    assert {(int(one.target) % 2, one.outcome) for one in result.results} == {
        (0, "timeout"),
        (1, "reachable"),
    }
    assert len(result.results) == 128


def test_sentences_without_end_are_counted_instead(loopback):
    port = loopback.serve(stay_silent)
    targets = [Target(id=str(n), host="127.0.0.1", port=port, tls=False) for n in range(60)]

    answer = read(handle(event(*targets), Lambda(0)))

    assert len(answer.missing) == 51
    assert answer.missing[-1] == "And 10 more."


WITHOUT_ADDRESSES = "Too large to send: the other addresses' stages were left out."
WITHOUT_DETAILS = "Too large to send: headers, bodies and certificates were left out."
WITHOUT_RESULTS = "Too large to send: all results were left out; ask for fewer targets."


@pytest.mark.parametrize(
    ("limit", "left", "missing"),
    [
        (100_000, {"results", "details", "addresses"}, ()),
        (3_500, {"results", "details"}, (WITHOUT_ADDRESSES,)),
        (2_200, {"results"}, (WITHOUT_ADDRESSES, WITHOUT_DETAILS)),
        (100, set(), (WITHOUT_RESULTS,)),
    ],
    ids=["fits", "without addresses", "without details", "without results"],
)
def test_a_result_too_large_to_send_is_made_smaller_and_says_so(loopback, limit, left, missing):
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 512\r\n\r\n" + b"x" * 512
    port = loopback.serve(answering(body))
    target = Target(id="t", host="127.0.0.1", port=port, tls=False, http=HttpRequest(path="/"))
    request = ProbeRequest(targets=(target, replace(target, id="u")))

    result = fit(probe(request, sandbox(), ends_at=math.inf), limit=limit)

    found = {
        "results": bool(result.results),
        "details": any(stage.detail for one in result.results for stage in one.stages),
        "addresses": any(one.addresses for one in result.results),
    }
    assert {part for part, is_there in found.items() if is_there} == left
    assert result.missing == missing
