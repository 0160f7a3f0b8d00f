"""The law of the wire: what one side writes, the other reads as the same value."""

from __future__ import annotations

import json
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from probe_lambda.handler import handle
from probe_lambda.wire import (
    AddressResult,
    Family,
    FamilyResult,
    HttpRequest,
    Outcome,
    ProbeRequest,
    ProbeResult,
    Stage,
    StageName,
    Target,
    request_from_json,
    request_from_object,
    result_from_json,
    to_json,
)

FAMILIES = st.sampled_from(get_args(Family))
OUTCOMES = st.sampled_from(get_args(Outcome))
TEXTS = st.text(max_size=20)
MAYBE_TEXTS = st.none() | TEXTS
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
PATHS = st.from_regex(r"/[!-~]{0,20}", fullmatch=True)
HOSTS = st.from_regex(r"[0-9A-Za-z_:][0-9A-Za-z._:%-]{0,20}", fullmatch=True)


def tuples(items):
    return st.lists(items, max_size=3).map(tuple)


REQUESTS = st.builds(
    ProbeRequest,
    targets=tuples(
        st.builds(
            Target,
            id=TEXTS,
            host=HOSTS,
            port=st.integers(0, 65535),
            tls=st.booleans(),
            http=st.none()
            | st.builds(HttpRequest, path=PATHS, method=st.sampled_from(["GET", "POST"])),
            websocket_path=st.none() | PATHS,
            families=tuples(FAMILIES),
        )
    ),
    timeout_seconds=st.floats(0, exclude_min=True, allow_infinity=False),
)
STAGES = tuples(
    st.builds(
        Stage,
        stage=st.sampled_from(get_args(StageName)),
        outcome=OUTCOMES,
        milliseconds=NUMBERS,
        error=MAYBE_TEXTS,
        detail=st.dictionaries(TEXTS, JSON_VALUES, max_size=3),
    )
)
RESULTS = st.builds(
    ProbeResult,
    results=tuples(
        st.builds(
            FamilyResult,
            target=TEXTS,
            family=FAMILIES,
            outcome=OUTCOMES,
            address=MAYBE_TEXTS,
            source_address=MAYBE_TEXTS,
            stages=STAGES,
            addresses=tuples(
                st.builds(
                    AddressResult,
                    address=TEXTS,
                    source_address=MAYBE_TEXTS,
                    outcome=OUTCOMES,
                    stages=STAGES,
                )
            ),
        )
    ),
    local_addresses=st.dictionaries(FAMILIES, st.lists(TEXTS, max_size=3)),
    resolvers=tuples(TEXTS),
    started_at=TEXTS,
    finished_at=TEXTS,
    missing=tuples(TEXTS),
    error=MAYBE_TEXTS,
)


@given(REQUESTS)
def test_a_request_arrives_as_it_was_sent(request):
    text = to_json(request)

    assert request_from_json(text) == request
    assert request_from_object(json.loads(text)) == request


@given(RESULTS)
def test_a_result_arrives_as_it_was_sent(result):
    assert result_from_json(to_json(result)) == result


def test_what_the_handler_returns_is_a_result():
    answer = handle({"schema": "netprobe.probe/1", "targets": []})

    assert result_from_json(json.dumps(answer)).results == ()
