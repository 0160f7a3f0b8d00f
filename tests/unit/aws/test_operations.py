"""The read operations, held against the service models of the SDK."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.model import OperationModel

from netprobe.aws.operations import OPERATIONS, REST_APIS, REST_STAGES, VPCS, Operation

SESSION = botocore.session.get_session()


def model_of(operation: Operation) -> OperationModel:
    return SESSION.get_service_model(operation.service).operation_model(operation.name)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.call)
def test_operation_is_one_of_the_sdk(operation: Operation) -> None:
    """Its answer has the key, and its request the subject, that are read from them."""
    model = model_of(operation)

    assert not operation.key or operation.key in model.output_shape.members
    assert not operation.subject or operation.subject in model.input_shape.members


def test_names_of_answers_are_unique() -> None:
    """Two services may have an operation of the same name."""
    names = [operation.answer_name for operation in OPERATIONS]

    assert len(set(names)) == len(names)
    assert REST_STAGES.answer_name == "apigateway:GetStages"
    assert VPCS.answer_name == "DescribeVpcs"


def test_actions_are_those_of_iam() -> None:
    """Which are not always named like the call."""
    actions = {operation.call: operation.iam_action for operation in OPERATIONS}

    assert actions["ec2:DescribeVpcs"] == "ec2:DescribeVpcs"
    assert actions["elbv2:DescribeListeners"] == "elasticloadbalancing:DescribeListeners"
    assert actions["apigatewayv2:GetApis"] == "apigateway:GET"
    assert actions[REST_APIS.call] == "apigateway:GET"
