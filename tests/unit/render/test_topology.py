"""The pictures of a VPC, one for each target: everything that matters, in order."""

from __future__ import annotations

from dataclasses import replace

from netprobe.model.addresses import Family
from netprobe.model.report import PathVerdict, Report
from netprobe.render.layout import WIDTH, Drawing
from netprobe.render.topology import MOST_SHOWN, left_out, matters, pictures_of
from tests.builders import interface, security_group, snapshot, without
from tests.hostile import hostile_report
from tests.interconnect import FAR, TRANSIT, far_group
from tests.recorded import report_of_scenario
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import address_target, case_of, changed, target_of
from tests.unit.diagnosis.hubs import HUB, INTERNET


def drawn(report: Report) -> Drawing:
    """Return the picture of the report's only target, as it goes across."""
    [picture] = pictures_of(report)
    return picture.across


def kinds(drawing: Drawing) -> list[str]:
    return [box.kind for box in sorted(drawing.boxes, key=lambda box: (box.x, box.y))]


def test_a_way_through_a_nat_gateway_goes_from_left_to_right() -> None:
    """The gateway's own route table is a line of its box."""
    drawing = drawn(report_of_scenario("S04"))

    assert kinds(drawing) == [
        "function",
        "function",
        "route table",
        "route table",
        "NAT gateway",
        "internet gateway",
        "REST API",
    ]
    [nat] = [box for box in drawing.boxes if box.kind == "NAT gateway"]
    assert [text.whole.split("-")[0] for text in nat.texts] == ["nat", "rtb"]
    assert [wire.family.value for wire in drawing.wires] == ["ipv4"] * 5


def test_a_wire_ends_where_the_request_stops() -> None:
    """The table without a route says so, and nothing leads on from it."""
    drawing = drawn(report_of_scenario("S01"))
    stops = {
        box.kind: [t.whole for t in box.texts if t.stops] for box in drawing.boxes if box.stopped
    }

    assert stops == {
        "internet gateway": ["✗ IPv4 no public IPv4"],
        "WebSocket API": ["✗ IPv4 does not work"],
    }
    assert len(drawing.wires) == 3


def test_a_family_that_nobody_needs_is_no_stop() -> None:
    """IPv6 is absent by design, and the drawing does not cry wolf."""
    drawing = drawn(report_of_scenario("S19"))

    assert not any(box.stopped for box in drawing.boxes)
    assert "· IPv6 not needed" in {text.whole for box in drawing.boxes for text in box.texts}


def test_what_stops_inside_a_subnet_is_named_in_its_box() -> None:
    """A network ACL is no box of its own; request and reply are told apart."""
    drawing = drawn(report_of_scenario("S12"))
    [function] = [box for box in drawing.boxes if box.kind == "function"]
    told = [text.whole for text in function.texts if text.stops]

    assert told[0] == "✗ IPv6 no entry allows"
    assert told[2:4] == ["✗ IPv6 reply no entry", "  allows"]
    assert told[1] == told[4]
    assert told[1].strip().startswith("acl-")


def test_a_long_name_is_cut_and_told_whole() -> None:
    """The box stays a box."""
    texts = [text for box in drawn(hostile_report()).boxes for text in box.texts]

    assert max(len(text.shown) for text in texts) <= 26
    assert max(len(text.whole) for text in texts) > 300


def test_a_crowd_is_cut_and_said_to_be() -> None:
    """Of many subnets a few are drawn."""
    report = report_of_scenario("S04")
    [one, other] = report.sources
    many = tuple(replace(one, id=f"{one.id}-{n}") for n in range(MOST_SHOWN + 4))
    crowd = replace(report, sources=(one, other, *many))
    drawing = drawn(crowd)

    assert left_out(crowd) == "The pictures show 8 of 14 subnets."
    assert left_out(report) == ""
    assert [box.kind for box in drawing.boxes].count("function") == MOST_SHOWN


def test_nothing_traced_is_nothing_drawn() -> None:
    report = report_of_scenario("S04")

    assert pictures_of(replace(report, paths=(), findings=(), felt=frozenset())) == ()


DATABASE = address_target("10.0.100.60", port=5432, id="db", given="db")


def with_a_database(*ingress: object) -> Report:
    """Return a report of the API, and of a database in another subnet of the VPC."""
    account = snapshot(
        *changed(
            interface("eni-db", DATABASE.host, group_ids=("sg-db",), subnet_id="subnet-public"),
            security_group("sg-db", ingress=ingress),
        )
    )
    return report_of(case_of(account, (target_of(), DATABASE)))


def test_each_target_has_a_picture_of_its_own() -> None:
    """What is in the way of one is not in the other's; what fails comes first."""
    database, api = pictures_of(with_a_database())

    assert [item.target for item in (database, api)] == ["db", "api:abc123"]
    assert [database.is_felt, api.is_felt] == [True, False]
    assert not any(box.stopped for box in api.across.boxes)
    assert kinds(database.across) == ["function", "route table", "HTTPS"]
    assert {key.target for key in api.paths} == {"api:abc123"}


def test_what_guards_a_target_stands_in_its_box() -> None:
    """Not in that of the route table before it; and the target's interface is the target."""
    database, _ = pictures_of(with_a_database())
    stops = {box.kind: [t.whole for t in box.texts if t.stops] for box in database.across.boxes}
    [target] = [box for box in database.across.boxes if box.kind == "HTTPS"]

    assert stops["route table"] == []
    assert stops["HTTPS"][:2] == ["✗ IPv4 ingress not allowed", "   sg-db"]
    assert "eni-db" in [text.whole for text in target.texts]
    assert len(database.across.wires) == 2


def test_a_target_in_the_vpc_is_drawn_in_it() -> None:
    """Going across or down; one on the internet is drawn outside."""
    for picture in pictures_of(with_a_database()):
        across, upright = picture.across.boxes[-1], picture.upright.boxes[-1]
        inside = (
            across.x + WIDTH < 8 + picture.across.vpc_width,
            upright.y + upright.height < 8 + picture.upright.vpc_height,
        )
        assert inside == ((True, True) if picture.target == "db" else (False, False))


def test_what_is_beyond_the_border_stands_behind_it() -> None:
    """Another VPC's NAT gateway is no part of this one."""
    [picture] = pictures_of(report_of(case_of(snapshot(*HUB), (INTERNET,))))
    nat = next(box for box in picture.across.boxes if box.kind == "NAT gateway")

    assert kinds(picture.across)[2:] == [
        "transit gateway",
        "NAT gateway",
        "internet gateway",
        "HTTPS",
    ]
    assert nat.x > picture.across.vpc_width


def test_what_guards_a_target_in_another_vpc_stands_in_its_box() -> None:
    """Behind the table by which the transit gateway's attachment sends it on."""
    account = snapshot(*changed(), *without(TRANSIT, "sg-far"), far_group())
    [picture] = pictures_of(report_of(case_of(account, (address_target(FAR),))))
    stops = {box.kind: [t.whole for t in box.texts if t.stops] for box in picture.across.boxes}

    assert stops["transit gateway"] == []
    assert stops["HTTPS"][0] == "✗ IPv4 ingress not allowed"


def test_what_is_not_known_is_no_stop() -> None:
    """The table says that it is delivered; the picture does not say that it fails."""
    report = report_of(case_of(snapshot(*changed())))
    ipv4, ipv6 = report.paths
    paths = (ipv4, replace(ipv6, verdict=PathVerdict.UNKNOWN))
    [target] = [
        box for box in drawn(replace(report, paths=paths)).boxes if box.kind == "WebSocket API"
    ]

    assert [text.whole for text in target.texts[1:]] == [
        "✓ IPv4 works",
        "○ IPv6 is not known",
    ]
    assert not target.stopped


def test_a_box_knows_which_paths_stop_there() -> None:
    """The filter by family shows it red for those alone."""
    boxes = drawn(report_of_scenario("S12")).boxes

    families = {key.family for box in boxes for key in box.stopped}
    assert families == {Family.IPV6}


def test_what_matters_works_is_felt_or_is_explained() -> None:
    """The story's last report: IPv4 is closed, and a note says so; IPv6 is the way."""
    assert {key.family.value for key in matters(report_of_step(4))} == {"ipv6"}
