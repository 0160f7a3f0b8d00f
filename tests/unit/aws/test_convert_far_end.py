"""What decides about TLS of a domain name, and what Lambda says of a function, is kept."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws.convert_apis import convert_domain_name, convert_rest_domain_name
from netprobe.aws.convert_workloads import convert_function

TRUST = "s3://trust/store.pem"


@pytest.mark.parametrize(
    ("store", "expected"), [({"truststoreUri": TRUST}, True), ({}, False), (None, False)]
)
def test_rest_domain_name_tells_mutual_tls(
    store: dict[str, Any] | None, *, expected: bool
) -> None:
    """Only a trust store makes clients show a certificate."""
    found = convert_rest_domain_name(
        {"domainName": "a", "mutualTlsAuthentication": store, "securityPolicy": "TLS_1_2"}
    )

    assert (found.mutual_tls, found.security_policy) == (expected, "TLS_1_2")


def test_domain_name_of_the_other_service_tells_it_too() -> None:
    """Field names differ."""
    found = convert_domain_name(
        {
            "DomainName": "a",
            "DomainNameConfigurations": [{"SecurityPolicy": "TLS_1_0"}],
            "MutualTlsAuthentication": {"TruststoreUri": TRUST},
        }
    )

    assert (found.mutual_tls, found.security_policy) == (True, "TLS_1_0")


def test_function_keeps_why_it_is_in_its_state() -> None:
    """As GetFunctionConfiguration tells it; ListFunctions does not."""
    network = {"VpcId": "vpc-1", "SubnetIds": ["s"], "SecurityGroupIds": ["g"]}
    item = {"FunctionName": "f", "VpcConfig": network}
    told = {"StateReasonCode": "Idle", "LastUpdateStatusReasonCode": "EniLimitExceeded"}

    assert convert_function(item).state_reason_code is None
    found = convert_function(item | {"State": "Inactive"} | told)
    assert (found.state, found.state_reason_code) == ("Inactive", "Idle")
    assert found.last_update_reason_code == "EniLimitExceeded"
