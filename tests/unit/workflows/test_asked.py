"""What targets make necessary to read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import Asked

ARN = "arn:aws:execute-api:us-east-1:123456789012:abc"
HOSTS = [
    ("https://Shop.Example.com:8443/path", ("shop.example.com",)),
    ("wss://a.example.com/", ("a.example.com",)),
    ("tcp://db.corp:5432", ("db.corp",)),
    ("dns://name.corp.", ("name.corp",)),
    ("db.corp:5432", ("db.corp",)),
    ("10.0.0.1:443", ("10.0.0.1",)),
    ("[2001:db8::1]:443", ("2001:db8::1",)),
    ("service:s3", ()),
    ("api:abc", ()),
    (ARN, ()),
    ("arn:aws:s3:::bucket", ()),
    ("https://[", ()),
    ("", ()),
]


@pytest.mark.parametrize(("target", "hosts"), HOSTS)
def test_hosts_are_taken_from_targets(target: str, hosts: tuple[str, ...]) -> None:
    """In lower case; what cannot be understood asks for nothing."""
    assert asked_about([target], probing=True).hosts == hosts


STAGES = [
    ("api:abc", ("abc",)),
    ("api:abc/prod", ()),
    (ARN, ("abc",)),
    (f"{ARN}/prod", ()),
    ("https://abc.execute-api.us-east-1.amazonaws.com/prod/", ()),
]


@pytest.mark.parametrize(("target", "stages_of"), STAGES)
def test_stages_matter_where_none_is_named(target: str, stages_of: tuple[str, ...]) -> None:
    """And only for what is sent."""
    assert asked_about([target], probing=True).stages_of == stages_of
    assert asked_about([target], probing=False).stages_of == ()


def test_own_choice_of_targets_needs_no_names_but_stages() -> None:
    """Netprobe then asks about the region's APIs, AWS's own names and Neptune's clusters."""
    own = Asked(hosts=(), stages_of=None, databases=("cluster",))
    assert asked_about([], probing=True) == own
    assert asked_about([], probing=False) == replace(own, stages_of=())


DATABASES = [
    (["arn:aws:rds:us-east-1:123456789012:cluster:graph"] * 2, ("cluster",)),
    (["arn:aws-cn:rds:cn-north-1:123456789012:db:orders"], ("db",)),
    (["arn:aws:rds:us-east-1:123456789012:snapshot:old", "tcp://db.corp:5432", ARN], ()),
]


@pytest.mark.parametrize(("targets", "databases"), DATABASES)
def test_databases_are_read_for_their_own_arns(
    targets: list[str], databases: tuple[str, ...]
) -> None:
    """And for nothing else that is named: a plain check needs no permission for them."""
    assert asked_about(targets, probing=True).databases == databases
