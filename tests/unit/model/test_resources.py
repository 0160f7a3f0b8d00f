"""Resources that say something about themselves."""

from __future__ import annotations

from tests.builders import api, route


def test_a_route_is_written_with_its_state() -> None:
    assert route("0.0.0.0/0", "nat-1").written == "0.0.0.0/0 -> nat-1"
    assert route("pl-1", "vpce-1").written == "pl-1 -> vpce-1"
    assert route("::/0", "eigw-1", "blackhole").written == "::/0 -> eigw-1 (blackhole)"


def test_only_the_private_endpoint_type_is_private() -> None:
    assert api(endpoint_type="PRIVATE").is_private
    assert not api().is_private
