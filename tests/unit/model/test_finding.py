"""A finding must be provable."""

from __future__ import annotations

import pytest

from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding, PathKey


def test_a_finding_without_a_primary_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="no-route: a finding needs primary evidence"):
        Finding(
            code="NP000",
            name="no-route",
            title="t",
            evidence=(Evidence(resource_id="rtb-1", says="x"),),
            paths=(),
        )


def test_a_path_is_written_with_its_family() -> None:
    assert str(PathKey(source="a", target="b", family=Family.IPV6)) == "a -> b (ipv6)"
