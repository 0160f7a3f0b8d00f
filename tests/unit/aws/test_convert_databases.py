"""Clusters and instances out of AWS's JSON, whole or not yet made."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws.convert_databases import convert_cluster, convert_instance

ARN = "arn:aws:rds:us-east-1:123456789012"


def test_cluster_without_an_endpoint_is_one_all_the_same() -> None:
    """It is being made; its name and kind are those of its ARN."""
    item = {"DBClusterArn": f"{ARN}:cluster:graph", "Engine": "neptune", "Status": "creating"}
    made = convert_cluster(item)

    assert (made.kind, made.name, made.host, made.port) == ("cluster", "graph", None, None)
    assert made.status == "creating"


def test_instance_has_its_endpoint_in_an_object() -> None:
    """None before it is made; names are compared in lower case."""
    item: dict[str, Any] = {"DBInstanceArn": f"{ARN}:db:Orders", "Engine": "postgres"}
    endpoint = {"Address": "Orders.example.", "Port": 5432}

    assert convert_instance(item).host is None
    made = convert_instance(item | {"Endpoint": endpoint})
    assert (made.kind, made.host, made.port) == ("db", "orders.example", 5432)


@pytest.mark.parametrize("arn", ["", "graph", f"{ARN}:snapshot:graph", f"{ARN}:cluster:a:b"])
def test_arn_of_another_form_cannot_be_read(arn: str) -> None:
    """Nothing would be known by it."""
    with pytest.raises(ValueError, match="DBClusterArn"):
        convert_cluster({"DBClusterArn": arn, "Engine": "neptune"})
