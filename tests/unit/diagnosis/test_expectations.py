"""Which expectations are kept by what was found, which are broken, and which nobody can tell."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.expectations import ends_at, judge_expectations, starts_at
from netprobe.model.addresses import Family
from netprobe.model.expectation import Expectation, JudgedExpectation, Kept, Must, Over, worst
from netprobe.model.finding import Evidence, Finding, PathKey, Role
from netprobe.model.report import Path, PathVerdict, Target, TargetKind, Witnesses
from tests.builders import source

WORKS, BLOCKED = PathVerdict.WORKS, PathVerdict.BLOCKED
REFUSED, UNKNOWN = PathVerdict.REFUSED, PathVerdict.UNKNOWN
WORK, NOT_WORK = Must.WORK, Must.NOT_WORK
KEPT, BROKEN, NOT_KNOWN = Kept.KEPT, Kept.BROKEN, Kept.UNKNOWN
API = Target(id="api:a1", given="api:a1", host="a1.example", port=443, kind=TargetKind.HTTP_API)
SOURCES = (source("subnet-a"), source("subnet-b"))

RULES = [
    # must, over, verdicts of IPv4 and IPv6 from one subnet, what becomes of it
    (WORK, Over.IPV4, (WORKS, BLOCKED), KEPT),
    (WORK, Over.IPV6, (WORKS, BLOCKED), BROKEN),
    (WORK, Over.IPV6, (WORKS, UNKNOWN), NOT_KNOWN),
    (WORK, Over.IPV4, (REFUSED, WORKS), BROKEN),
    (WORK, Over.ANY, (BLOCKED, WORKS), KEPT),
    (WORK, Over.ANY, (BLOCKED, UNKNOWN), NOT_KNOWN),
    (WORK, Over.ANY, (WORKS, UNKNOWN), KEPT),
    (WORK, Over.ANY, (BLOCKED, REFUSED), BROKEN),
    (WORK, Over.BOTH, (WORKS, WORKS), KEPT),
    (WORK, Over.BOTH, (WORKS, BLOCKED), BROKEN),
    (WORK, Over.BOTH, (BLOCKED, UNKNOWN), BROKEN),
    (WORK, Over.BOTH, (WORKS, UNKNOWN), NOT_KNOWN),
    (NOT_WORK, Over.ANY, (BLOCKED, BLOCKED), KEPT),
    (NOT_WORK, Over.ANY, (BLOCKED, WORKS), BROKEN),
    (NOT_WORK, Over.ANY, (UNKNOWN, WORKS), BROKEN),
    (NOT_WORK, Over.ANY, (BLOCKED, UNKNOWN), NOT_KNOWN),
    (NOT_WORK, Over.ANY, (REFUSED, BLOCKED), KEPT),
    (NOT_WORK, Over.BOTH, (WORKS, BLOCKED), BROKEN),
    (NOT_WORK, Over.IPV4, (BLOCKED, WORKS), KEPT),
]


def paths(start: str, *verdicts: PathVerdict) -> tuple[Path, ...]:
    return tuple(
        Path(
            key=PathKey(source=start, target=API.id, family=family),
            verdict=verdict,
            witnesses=Witnesses.AGREE,
        )
        for family, verdict in zip(Family, verdicts, strict=True)
    )


def judged(
    expectation: Expectation, found: tuple[Path, ...], findings: tuple[Finding, ...] = ()
) -> JudgedExpectation:
    (one,) = judge_expectations((expectation,), SOURCES, (API,), found, findings)
    return one


@pytest.mark.parametrize(("must", "over", "verdicts", "expected"), RULES)
def test_families_count_as_the_expectation_says(
    must: Must, over: Over, verdicts: tuple[PathVerdict, PathVerdict], expected: Kept
) -> None:
    """What works must be seen to work, and what must not work must be seen not to."""
    found = judged(Expectation(target=API.id, must=must, over=over), paths("subnet-a", *verdicts))

    assert found.state is expected


def test_every_source_has_to_keep_it() -> None:
    """A subnet that works does not hide one that does not, and the broken one is named."""
    found = judged(
        Expectation(target=API.id),
        (*paths("subnet-a", WORKS, BLOCKED), *paths("subnet-b", BLOCKED, BLOCKED)),
    )

    assert (found.state, found.says) == (
        BROKEN,
        "IPv4 blocked from subnet-b; IPv6 blocked from subnet-b",
    )
    assert {key.source for key in found.paths} == {"subnet-b"}


def test_only_the_named_source_counts() -> None:
    """Another subnet's fault is no fault of this flow."""
    found = judged(
        Expectation(source="subnet-a", target=API.id),
        (*paths("subnet-a", WORKS, BLOCKED), *paths("subnet-b", BLOCKED, BLOCKED)),
    )

    assert found.state is KEPT


def test_flow_without_a_path_is_unknown() -> None:
    """Silence keeps nothing."""
    assert judged(Expectation(target="api:other"), paths("subnet-a", WORKS, WORKS)).state is (
        NOT_KNOWN
    )


def finding(code: str, role: Role, *keys: PathKey) -> Finding:
    proof = Evidence(resource_id="rtb-1", says="has no route", primary=True)
    return Finding(code=code, name="n", title="t", role=role, evidence=(proof,), paths=keys)


def test_broken_flow_names_what_explains_it() -> None:
    """Its causes, no notes, nothing about other paths; what contributes only without a cause."""
    blocked, works = paths("subnet-a", BLOCKED, WORKS)
    cause = finding("NP103", Role.ROOT_CAUSE, blocked.key)
    others = (
        finding("NP902", Role.NOTE, blocked.key),
        finding("NP405", Role.CONTRIBUTING, blocked.key),
        finding("NP404", Role.ROOT_CAUSE, works.key),
    )
    expectation = Expectation(target=API.id, over=Over.IPV4)

    def explained_by(*findings: Finding) -> tuple[str, ...]:
        return judged(expectation, (blocked, works), findings).findings

    assert explained_by(*others, cause) == ("NP103",)
    assert explained_by(*others) == ("NP405",)
    assert explained_by() == ()


def test_flow_that_works_against_its_will_is_explained_by_nothing() -> None:
    """Findings say why something fails."""
    blocked, works = paths("subnet-a", BLOCKED, WORKS)
    found = judged(
        Expectation(target=API.id, must=NOT_WORK),
        (blocked, works),
        (finding("NP103", Role.ROOT_CAUSE, works.key),),
    )

    assert (found.state, found.findings, found.says) == (BROKEN, (), "IPv6 works from subnet-a")


def test_many_sources_are_counted_not_listed() -> None:
    """A VPC can have hundreds of subnets."""
    many = tuple(source(f"subnet-{number}") for number in range(5))
    found = tuple(path for item in many for path in paths(item.id, BLOCKED, BLOCKED))
    expectation = Expectation(target=API.id, over=Over.IPV4)

    (one,) = judge_expectations((expectation,), many, (API,), found, ())

    assert one.says == "IPv4 blocked from subnet-0, subnet-1, subnet-2 and 2 more"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, True),
        ("subnet-a", True),
        ("subnet-c", True),
        ("fn@subnet-a", True),
        ("function:fn", True),
        ("fn", False),
        ("subnet-b", False),
        ("function:other", False),
    ],
)
def test_source_goes_by_its_names(wanted: str | None, expected: bool) -> None:  # noqa: FBT001
    """Its subnet, one it stands for, its function, its id."""
    start = source(
        "subnet-a", id="fn@subnet-a", function_name="fn", represents=("subnet-a", "subnet-c")
    )

    assert starts_at(Expectation(source=wanted, target="x"), start) is expected


def test_service_means_its_plain_host() -> None:
    """Its dual-stack host is written alike and has an id of its own."""
    plain, dual = (
        Target(id=name, given="service:s3", host=host, port=443, kind=TargetKind.SERVICE)
        for name, host in (("service:s3", "s3.old"), ("service:s3+dualstack", "s3.new"))
    )

    def found(name: str) -> tuple[Target, ...]:
        return ends_at(Expectation(target=name), (plain, dual))

    assert found("service:s3") == (plain,)
    assert found("service:s3+dualstack") == (dual,)
    assert found("s3.new") == (dual,)


def test_one_broken_expectation_stands_for_all() -> None:
    """Then one that nobody can tell; with none at all, all are kept."""
    states = {
        state: JudgedExpectation(expectation=Expectation(target="x"), state=state, says="")
        for state in Kept
    }

    assert worst(states.values()) is BROKEN
    assert worst((states[KEPT], states[NOT_KNOWN])) is NOT_KNOWN
    assert worst(()) is KEPT
