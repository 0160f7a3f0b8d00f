"""Expectations as files: what is read, what is refused in which words, and what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.errors import UsageError
from netprobe.model.expectation import Expectation, Must, Over
from netprobe.workflows.expectation_files import read_expectations, write_expectations

FILE = """\
schema = "netprobe.expect/1"

[[flow]]
from = "function:push-prices"
to = "api:a1b2c3d4e5"
family = "ipv6"
must = "work"
why = "prices are pushed to clients"

# nobody else's business
[[flow]]
to = "tcp://10.0.2.9:5432"
must = "not-work"
"""
BROKEN = [
    (
        'schema = "netprobe.expect/1"\n[[flow]]\nto = api:a1\n',
        "e.toml is not TOML (Invalid value (at line 3, column 6))",
    ),
    ('schema = "netprobe.expect/2"\n', "e.toml has schema 'netprobe.expect/2'"),
    ("[[flows]]\n", "e.toml has an unknown key 'flows'; did you mean 'flow'?"),
    ("[flow]\nto = 'x'\n", "e.toml has a flow that is no table; write [[flow]] before each"),
    ("", "e.toml expects nothing; write a [[flow]] with to = TARGET"),
    (f"{FILE}too = 'x'\n", "flow 2 (line 11) has an unknown key 'too'; did you mean 'to'?"),
    ("\n[[flow]]\nto = 'x'\nmust = 'wrok'\n", "flow 1 (line 2) has must = 'wrok'; did you mean"),
    ("[[flow]]\nto = 'x'\nfamily = '6'\n", "known: ipv4, ipv6, any, both"),
    ("[[flow]]\nto = 443\n", "e.toml, flow 1 (line 1) has to = 443; write it as text, in quotes"),
    ("[[flow]]\nfrom = 'subnet-1'\n", 'names no target; write to = "TARGET"'),
    ("[[flow]]\nto = 'x'\nfrom = ''\n", "names no source; leave from out for every source"),
    ("flow = [{to = 'x', mast = 'work'}]\n", "e.toml, flow 1 has an unknown key 'mast'"),
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(len)


def test_every_key_is_read() -> None:
    """With the defaults for what is left out: any family, and it must work."""
    assert read_expectations(FILE, "e.toml") == (
        Expectation(
            source="function:push-prices",
            target="api:a1b2c3d4e5",
            over=Over.IPV6,
            must=Must.WORK,
            why="prices are pushed to clients",
        ),
        Expectation(target="tcp://10.0.2.9:5432", over=Over.ANY, must=Must.NOT_WORK),
    )


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_broken_file_is_refused_in_one_line(text: str, expected: str) -> None:
    """It names the file, the place and the nearest valid name."""
    with pytest.raises(UsageError) as caught:
        read_expectations(text, "e.toml")

    assert caught.value.reference == "unreadable-expectations"
    assert expected in str(caught.value)
    assert str(caught.value).startswith("e.toml")


@given(
    st.lists(
        st.builds(
            Expectation,
            target=TEXTS,
            source=st.none() | TEXTS,
            over=st.sampled_from(Over),
            must=st.sampled_from(Must),
            why=st.just("") | TEXTS,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_written_reads_back(expected: list[Expectation]) -> None:
    """Whatever names an account holds: quotes, brackets and newlines end no string."""
    assert read_expectations(write_expectations(expected), "e.toml") == tuple(expected)


def test_flows_are_written_one_table_each() -> None:
    """The form that people edit."""
    text = write_expectations((Expectation(target="a", source="subnet-1", over=Over.BOTH),))

    assert text == (
        'schema = "netprobe.expect/1"\n\n'
        '[[flow]]\nfrom = "subnet-1"\nto = "a"\nfamily = "both"\nmust = "work"\n'
    )


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a = " + "1" * 5_000])
def test_toml_the_parser_gives_up_on_is_refused_too(text: str) -> None:
    with pytest.raises(UsageError, match=r"e\.toml is not TOML"):
        read_expectations(text, "e.toml")
