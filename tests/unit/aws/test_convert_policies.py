"""Policies of roles and buckets: whole only where every document was read."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws.convert import convert
from netprobe.aws.dump_kinds import recognise
from netprobe.aws.raw import RawSnapshot
from netprobe.model.policies import RolePolicies, role_policies_of
from netprobe.model.snapshot import Snapshot
from tests.every_kind import ACCOUNT, converted, every_answer


def role_of(answers: dict[str, Any]) -> RolePolicies | None:
    snapshot = converted(answers)
    return role_policies_of(snapshot.role_policies, snapshot.functions[0].role_arn)


def test_documents_are_json_text() -> None:
    """As the evaluation takes them; the SDK had parsed them."""
    role = role_of(every_answer())

    assert role is not None
    assert [("CreateNetworkInterface" in i, "ManageConnections" in i) for i in role.policies] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "GetPolicy",
        "GetPolicyVersion",
        "GetRolePolicy",
        "ListAttachedRolePolicies",
        "ListRolePolicies",
    ],
)
def test_role_is_incomplete_without_any_of_its_answers(name: str) -> None:
    """What was not read may allow."""
    answers = every_answer()
    del answers[name]
    role = role_of(answers)

    assert role is None or not role.complete


def test_version_that_is_not_in_force_counts_for_nothing() -> None:
    """A managed policy keeps its old versions."""
    answers = every_answer()
    answers["GetPolicyVersion"][0]["PolicyVersion"]["VersionId"] = "v1"
    role = role_of(answers)

    assert role is not None
    assert (role.complete, len(role.policies)) == (False, 1)


def test_list_that_is_cut_off_is_no_list() -> None:
    """The policy on its last page may be the one that allows."""
    answers = every_answer()
    answers["ListRolePolicies"][0]["IsTruncated"] = True
    role = role_of(answers)

    assert role is None or not role.complete


def found_in(*documents: dict[str, Any]) -> Snapshot:
    """Return what documents say that nobody named."""
    answers: dict[str, Any] = {}
    for document in documents:
        for found in recognise(document, "dump.json"):
            answers.setdefault(found.operation.answer_name, []).append(found.answer)
    return convert(RawSnapshot("us-east-1", ACCOUNT, answers))


def test_answers_that_name_their_subject_are_told_by_their_keys() -> None:
    """As ``aws lambda get-function``, ``get-function-configuration`` and the rest print them."""
    function = every_answer()["GetFunctionConfiguration"][0]
    bucket = every_answer()["GetBucketPolicy"][0]

    assert [i.state for i in found_in(function).functions] == ["Active"]
    inside = {"Configuration": function, "Code": {"Location": "https://"}}
    assert [i.state for i in found_in(inside).functions] == ["Active"]
    assert [i.bucket for i in found_in(bucket).bucket_policies] == ["photos"]
    assert found_in({"Policy": bucket["Policy"]}).bucket_policies == ()
    own = every_answer()["GetRolePolicy"][0]
    assert [i.role_name for i in found_in(own).role_policies] == ["push-role"]
