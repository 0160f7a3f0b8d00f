"""Why one family of a name is tried before the other."""

from __future__ import annotations

import pytest

from netprobe.workflows.address_order import explain_order

IPV4, IPV6 = "198.51.100.10", "3fff:a::10"
LAMBDA = {IPV4: "169.254.100.6", IPV6: "2001:db8:1::100"}
INSTANCE = {IPV4: "10.0.1.4", IPV6: "2001:db8:1::100"}


@pytest.mark.parametrize(
    ("given", "sources", "says"),
    [
        ((IPV6, IPV4), LAMBDA, f"IPv6 before IPv4, RFC 6724 rule 2: the scope of {IPV4}"),
        (
            (IPV6, IPV4),
            INSTANCE,
            f"IPv6 before IPv4, RFC 6724 rule 6 with glibc's table: {IPV6} has precedence 40",
        ),
        ((IPV4, IPV6), {IPV4: "10.0.1.4"}, "IPv4 before IPv6, RFC 6724 rule 1: the host has no"),
        ((IPV6, "3fff:a::11", IPV4), LAMBDA, "IPv6 before IPv4, RFC 6724 rule 2"),
        ((IPV4, IPV6), LAMBDA, "not in RFC 6724's order"),
    ],
)
def test_the_rule_that_decides_is_named(
    given: tuple[str, ...], sources: dict[str, str], says: str
) -> None:
    """A link-local source, a precedence, no source at all, or something of the host's own."""
    assert (explain_order(given, sources) or "").startswith(says)


@pytest.mark.parametrize("given", [(), (IPV4,), (IPV6, "3fff:a::11"), (IPV6, "what")])
def test_nothing_is_said_of_one_family(given: tuple[str, ...]) -> None:
    """Nor of what is no address."""
    assert explain_order(given, LAMBDA) is None
