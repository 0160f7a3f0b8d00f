from __future__ import annotations

import socket

import pytest

from tests.unit.probe_lambda.loopback import Loopback, make_authority


@pytest.fixture
def loopback():
    servers = Loopback()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority, monkeypatch):
    """The tests' authority as the trust store, the way a deployment names its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


@pytest.fixture
def ipv6_loopback():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"no ::1 here: {error}")
