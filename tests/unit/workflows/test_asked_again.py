"""A question, kept and asked again."""

from __future__ import annotations

import json

import pytest

from netprobe.model.addresses import Family
from netprobe.workflows.asked_again import document_of_request, request_of_document
from netprobe.workflows.check import CheckRequest
from netprobe.workflows.sources import Wanted

ASKED = CheckRequest(
    vpc_id="vpc-1",
    wanted=Wanted(function="push", subnet_ids=("subnet-1",), security_group_ids=("sg-1",)),
    targets=("api:abc", "service:s3"),
    families=(Family.IPV6,),
    client="node20",
    timeout_seconds=2.5,
    attempts=3,
    path_mtu=True,
)


@pytest.mark.parametrize("asked", [ASKED, CheckRequest()])
def test_question_comes_back_as_it_was(asked: CheckRequest) -> None:
    document = json.loads(json.dumps(document_of_request(asked)))

    assert request_of_document(document) == asked


BAD = {
    "no object": [],
    "a number for a name": {"vpc": 3},
    "a text for a list": {"targets": "api:abc"},
    "an unknown family": {"families": ["ipv5"]},
    "no number of seconds": {"timeout_seconds": "soon"},
    "too many attempts": {"attempts": 1000},
}


@pytest.mark.parametrize("name", BAD)
def test_other_shapes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        request_of_document(BAD[name])
