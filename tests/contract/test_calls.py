"""What the analysis may lack is what is read: both speak of a call by the same name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import netprobe.analysis
from netprobe.aws import operations

CALL = re.compile(r"[a-z0-9]+:(?:Describe|Get|List|Search)[A-Za-z]+")


def named_calls() -> set[str]:
    """Return every call that a constant of the analysis names."""
    found = set()
    for path in Path(next(iter(netprobe.analysis.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if CALL.fullmatch(node.value) else set()
    return found


def read_calls() -> set[str]:
    """Return every call whose answer can be converted."""
    values = [value for value in vars(operations).values() if isinstance(value, tuple)]
    flat = [item for value in values for item in value]
    every = [*vars(operations).values(), *flat]
    return {item.call for item in every if isinstance(item, operations.Operation)}


@pytest.mark.parametrize("call", sorted(named_calls()))
def test_call_that_the_analysis_lacks_is_one_that_is_read(call: str) -> None:
    """A gap under another name would be found by nobody, and its call taken for read."""
    assert call in read_calls()
