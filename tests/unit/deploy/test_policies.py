"""The role of the probe: Lambda may manage interfaces, the probe's own code may do nothing."""

from __future__ import annotations

from netprobe.deploy.policies import execution_policy, trust_policy


def test_only_lambda_may_take_the_role() -> None:
    """Nobody else becomes the probe."""
    (statement,) = trust_policy()["Statement"]

    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert statement["Action"] == "sts:AssumeRole"


def test_code_is_denied_all_that_the_role_allows() -> None:
    """A probe that is taken over cannot use its role."""
    allow, deny = execution_policy("0123abcd")["Statement"]

    assert (allow["Effect"], deny["Effect"]) == ("Allow", "Deny")
    assert set(allow["Action"]) <= set(deny["Action"])
    condition = deny["Condition"]["ArnLike"]["lambda:SourceFunctionArn"]
    assert condition.endswith(":function:netprobe-0123abcd-*")
    assert not any("*" in action for action in allow["Action"])
