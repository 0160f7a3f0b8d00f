"""The options of every command, for those to which one of them means nothing.

Scripts hand the same options to each command; what one cannot use must not stop it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import typer

from netprobe.cli.declared import as_command


class OnlyJson(StrEnum):
    """What is written by commands whose answer is JSON and nothing else."""

    JSON = "json"


WITHOUT_EFFECT: dict[str, tuple[Any, object]] = {
    "form": (
        Annotated[OnlyJson, typer.Option("--format", help="json: there is no other form.")],
        OnlyJson.JSON,
    ),
    "profile": (
        Annotated[
            str | None,
            typer.Option(
                help="Accepted on every command; nothing here asks your account.", metavar="NAME"
            ),
        ],
        None,
    ),
    "region": (Annotated[str | None, typer.Option(help="As --profile.", metavar="REGION")], None),
    "endpoint_url": (
        Annotated[str | None, typer.Option(help="As --profile.", metavar="URL")],
        None,
    ),
    "verbose": (
        Annotated[
            bool,
            typer.Option(
                "--verbose", "-v", help="Accepted on every command; there is no more to show."
            ),
        ],
        False,
    ),
}
"""The options of every command, where one can do nothing: scripts pass the same to each."""


def accepts(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command options which every command takes, to no effect.

    They come after the command's own and are not handed to it.
    """
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint, default=default)
        for name, (hint, default) in ((name, WITHOUT_EFFECT[name]) for name in names)
    ]

    def declare(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command)
        hints = get_type_hints(command, include_extras=True)
        own = [
            item.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
            for name, item in signature.parameters.items()
        ]

        def run(**given: Any) -> None:  # noqa: ANN401 # each option's own type
            command(**{name: given[name] for name in signature.parameters})

        return as_command(run, command, [*own, *more])

    return declare
