from __future__ import annotations

import ipaddress
import socket

import pytest

from probe_lambda.sandbox import Resolver, Sandbox, read_sandbox

IF_INET6 = """\
00000000000000000000000000000001 01 80 10 80       lo
20010db8000000000000000000000002 04 40 00 82     eth0
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
"""

RESOLV_CONF = """\
# nameserver 192.0.2.1
search ec2.internal
nameserver 169.254.169.253
nameserver  2001:db8::53 # trailing words are ignored
nameserver
options timeout:2
nameserver 192.0.2.3
nameserver 192.0.2.4
"""


def sandbox_of(tmp_path, *, if_inet6="", resolv_conf=""):
    (tmp_path / "if_inet6").write_text(if_inet6)
    (tmp_path / "resolv.conf").write_text(resolv_conf)
    return read_sandbox(resolv_conf=tmp_path / "resolv.conf", if_inet6=tmp_path / "if_inet6")


def test_loopback_is_not_an_address_of_the_sandbox(tmp_path):
    found = sandbox_of(tmp_path, if_inet6=IF_INET6)

    assert found.ipv6_addresses == ("2001:db8::2", "fe80::fc:ff:fe00:1")


def test_addresses_are_told_by_interface(tmp_path):
    found = sandbox_of(tmp_path, if_inet6=IF_INET6)

    assert ("eth0", "2001:db8::2") in found.interfaces
    assert "lo" not in {name for name, _ in found.interfaces}
    assert {address for _, address in found.interfaces} == {
        *found.ipv4_addresses,
        *found.ipv6_addresses,
    }


def test_the_first_three_nameservers_are_asked(tmp_path):
    found = sandbox_of(tmp_path, resolv_conf=RESOLV_CONF)

    assert found.resolvers == (
        Resolver(address="169.254.169.253"),
        Resolver(address="2001:db8::53"),
        Resolver(address="192.0.2.3"),
    )


def test_absent_files_are_a_sandbox_without_ipv6_and_without_resolvers(tmp_path):
    found = read_sandbox(resolv_conf=tmp_path / "absent", if_inet6=tmp_path / "absent")

    assert (found.ipv6_addresses, found.resolvers) == ((), ())


def test_ipv4_addresses_of_this_machine_can_be_bound(tmp_path):
    """Whatever this machine has, the kernel must agree that it is its own."""
    for address in sandbox_of(tmp_path).ipv4_addresses:
        assert not ipaddress.ip_address(address).is_loopback
        with socket.socket() as bound:
            bound.bind((address, 0))


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "family", "expected"),
    [
        (("169.254.100.6",), (), "ipv4", True),
        ((), ("2001:db8::2",), "ipv4", False),
        (("192.0.2.2",), (), "ipv6", False),
        (("192.0.2.2",), ("fe80::1",), "ipv6", False),
        ((), ("fe80::1", "fd00::2"), "ipv6", True),
    ],
    ids=["ipv4 link-local counts", "no ipv4", "no ipv6", "ipv6 link-local does not count", "ula"],
)
def test_a_family_can_be_sent_from_its_routable_addresses(ipv4, ipv6, family, expected):
    found = Sandbox(ipv4_addresses=ipv4, ipv6_addresses=ipv6, resolvers=())

    assert found.can_send(family) is expected
