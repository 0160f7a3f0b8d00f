from __future__ import annotations

import asyncio
import errno
import json
import math
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from probe_lambda.connect import Peer, connect, lacks_address
from probe_lambda.stage import Budget
from tests.unit.probe_lambda.loopback import sandbox, stay_silent

ROOT = Path(__file__).parents[3]


def attempt(address, port, family="ipv4"):
    async def try_once():
        budget = Budget(timeout_seconds=2, ends_at=math.inf)
        peer = Peer(address=address, family=family, port=port, sandbox=sandbox())
        stage, connected = await connect(peer, budget)
        if connected is not None:
            connected.close()
        return stage, connected is not None

    return asyncio.run(try_once())


def closed_port(family=socket.AF_INET, address="127.0.0.1"):
    with socket.socket(family) as taken:
        taken.bind((address, 0))
        return taken.getsockname()[1]


def test_an_open_port_connects_and_tells_the_source(loopback):
    stage, connected = attempt("127.0.0.1", loopback.serve(stay_silent))

    assert connected
    assert (stage.stage, stage.outcome) == ("connect", "reachable")
    assert stage.detail == {"source_address": "127.0.0.1"}


@pytest.mark.usefixtures("ipv6_loopback")
def test_an_open_port_connects_over_ipv6(loopback):
    stage, connected = attempt("::1", loopback.serve(stay_silent, address="::1"), "ipv6")

    assert connected
    assert stage.detail == {"source_address": "::1"}


def test_a_closed_port_refuses_with_its_errno_and_source():
    stage, connected = attempt("127.0.0.1", closed_port())

    assert not connected
    assert (stage.outcome, stage.error) == ("refused", "ECONNREFUSED: Connection refused")
    assert stage.detail == {"errno": errno.ECONNREFUSED, "source_address": "127.0.0.1"}


@pytest.mark.parametrize(
    ("number", "has_address", "expected"),
    [
        (errno.EAFNOSUPPORT, False, True),
        (errno.EAFNOSUPPORT, True, True),
        (errno.EADDRNOTAVAIL, False, True),
        (errno.EADDRNOTAVAIL, True, False),
        (errno.ENETUNREACH, False, True),
        (errno.ENETUNREACH, True, False),
        (errno.EHOSTUNREACH, False, False),
        (errno.ECONNREFUSED, False, False),
    ],
)
def test_only_the_kernels_own_errors_mean_that_an_address_is_absent(number, has_address, expected):
    assert lacks_address(OSError(number, ""), has_address=has_address) is expected


# A namespace of its own with one interface that swallows what it is given: the router's hardware
# address is nobody's, so packets are never answered, which loopback cannot do.
SWALLOWING = """
ip link set lo up
ip link add swallow type veth peer name other
ip link set swallow up
ip link set other up
{setup}
exec {python} -m probe_lambda
"""
IPV4 = """
ip address add 192.0.2.2/24 dev swallow
ip neighbour add 192.0.2.1 lladdr 02:00:00:00:00:01 dev swallow
ip route add default via 192.0.2.1
"""
NO_IPV6 = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6\n"
IPV6 = "ip address add 2001:db8::2/64 dev swallow nodad\n"
IPV6_DEFAULT = """
ip neighbour add 2001:db8::1 lladdr 02:00:00:00:00:01 dev swallow
ip route add default via 2001:db8::1 dev swallow
"""
BOTH_LITERALS = [
    {"id": "v4", "host": "198.51.100.10", "port": 443, "tls": False},
    {"id": "v6", "host": "3fff:a::10", "port": 443, "tls": False},
]


def probe_in_namespace(setup):
    """Return outcome, source and errno per target, as a probe in a new namespace saw them."""
    if not all(map(shutil.which, ("unshare", "ip"))):
        pytest.skip("needs unshare and ip")
    script = SWALLOWING.format(setup=setup, python=sys.executable)
    request = {"schema": "netprobe.probe/1", "targets": BOTH_LITERALS, "timeout_seconds": 0.5}
    run = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-ec", script],
        input=json.dumps(request), capture_output=True, text=True, check=False, cwd=ROOT,
        timeout=60,
    )  # fmt: skip
    if "unshare" in run.stderr:
        pytest.skip(f"no namespaces here: {run.stderr.strip()}")

    assert run.returncode == 0, run.stderr
    connects = [result for result in json.loads(run.stdout)["results"] if result["stages"]]
    return {
        result["target"]: (
            result["outcome"],
            result["source_address"],
            result["stages"][0]["detail"].get("errno"),
        )
        for result in connects
    }


@pytest.mark.lab
@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        (
            IPV4,
            {
                "v4": ("timeout", "192.0.2.2", None),
                "v6": ("no-local-address", None, errno.ENETUNREACH),
            },
        ),
        (
            IPV4 + NO_IPV6,
            {
                "v4": ("timeout", "192.0.2.2", None),
                "v6": ("no-local-address", None, errno.EADDRNOTAVAIL),
            },
        ),
        (
            IPV6,
            {
                "v4": ("no-local-address", None, errno.ENETUNREACH),
                "v6": ("unreachable", None, errno.ENETUNREACH),
            },
        ),
        (
            IPV6 + IPV6_DEFAULT,
            {
                "v4": ("no-local-address", None, errno.ENETUNREACH),
                "v6": ("timeout", "2001:db8::2", None),
            },
        ),
    ],
    ids=["ipv4 only", "ipv6 switched off", "ipv6 without a route", "ipv6 only"],
)
def test_silence_and_absence_are_told_apart(setup, expected):
    """The errno alone does not tell an absent address from an absent route."""
    assert probe_in_namespace(setup) == expected
