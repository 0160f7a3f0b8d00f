from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pytest

from probe_lambda.decode import WireError, read_as


@dataclass(frozen=True, kw_only=True)
class Leaf:
    kind: Literal["a", "b"]
    size: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Tree:
    name: str
    count: int = 0
    open: bool = False
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    lists: dict[str, list[str]] | None = None
    anything: Any = None

    def __post_init__(self):
        if self.count < 0:
            message = "count is negative"
            raise ValueError(message)


def test_every_part_becomes_what_was_declared():
    value = {
        "name": "n",
        "count": 2,
        "open": True,
        "leaf": {"kind": "a", "size": 3},
        "leaves": [{"kind": "b"}],
        "lists": {"x": ["y"]},
        "anything": [{}],
    }

    assert read_as(Tree, value, "Tree") == Tree(
        name="n",
        count=2,
        open=True,
        leaf=Leaf(kind="a", size=3.0),
        leaves=(Leaf(kind="b"),),
        lists={"x": ["y"]},
        anything=[{}],
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "Tree: expected an object, found []"),
        ({}, "Tree: missing 1 required keyword-only argument: 'name'"),
        ({"name": 1}, "Tree.name: expected a str, found 1"),
        ({"name": None}, "Tree.name: expected a str, found None"),
        ({"name": "n", "count": True}, "Tree.count: expected a int, found True"),
        ({"name": "n", "count": 1.0}, "Tree.count: expected a int, found 1.0"),
        ({"name": "n", "count": -1}, "Tree: count is negative"),
        ({"name": "n", "open": 1}, "Tree.open: expected a bool, found 1"),
        ({"name": "n", "leaf": {"kind": "c"}}, "Tree.leaf.kind: expected one of a, b, found 'c'"),
        ({"name": "n", "leaf": {"kind": []}}, "Tree.leaf.kind: expected one of a, b, found []"),
        (
            {"name": "n", "leaves": [{"kind": "a"}, {"kind": "a", "size": "1"}]},
            "Tree.leaves[1].size: expected a number, found '1'",
        ),
        (
            {"name": "n", "leaf": {"kind": "a", "size": False}},
            "Tree.leaf.size: expected a number, found False",
        ),
        ({"name": "n", "leaves": {}}, "Tree.leaves: expected a list, found {}"),
        ({"name": "n", "lists": []}, "Tree.lists: expected an object, found []"),
        ({"name": "n", "lists": {"x": "y"}}, "Tree.lists.x: expected a list, found 'y'"),
        ({"name": "n", "zebra": 1, "ant": 1}, "Tree: unknown key 'ant'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_of_another_shape_is_refused_and_the_place_named(value, message):
    with pytest.raises(WireError) as refusal:
        read_as(Tree, value, "Tree")

    assert str(refusal.value) == message


@pytest.mark.parametrize("size", [10**400, float("inf"), float("nan")])
def test_a_number_that_is_not_finite_is_refused(size):
    with pytest.raises(WireError, match=r"Leaf.size: expected a finite number, found "):
        read_as(Leaf, {"kind": "a", "size": size}, "Leaf")


def test_a_refusal_shows_no_more_than_the_beginning_of_a_value():
    with pytest.raises(WireError) as refusal:
        read_as(Tree, {"name": ["x" * 1000]}, "Tree")

    assert len(str(refusal.value)) < 130
