"""A dataclass of options becomes the command line of every command that takes some of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Options = TypeVar("Options", bound="DataclassInstance")
SEVERAL = tuple[str, ...]
"""The type of an option that may be given several times."""


def takes(
    kind: type[Options], only: tuple[str, ...] = (), **fixed: object
) -> Callable[[Callable[[Options], None]], Callable[..., None]]:
    """Return a decorator that gives a command the ``Annotated`` fields of ``kind`` as options.

    They come in the order of the fields. ``only`` names those that this command takes, all if
    empty; the others keep their defaults, or the value they have in ``fixed``.
    """
    hints = get_type_hints(kind, include_extras=True)
    parameters = [
        _parameter(field.name, hints[field.name], field.default)
        for field in fields(kind)
        if get_origin(hints[field.name]) is Annotated and (not only or field.name in only)
    ]
    if unknown := {*only} - {item.name for item in parameters}:
        raise TypeError(f"{kind.__name__} has no option {', '.join(sorted(unknown))}")

    def declare(command: Callable[[Options], None]) -> Callable[..., None]:
        def run(**given: Any) -> None:  # noqa: ANN401 # each option's own type
            values = {name: _frozen(value) for name, value in given.items()}
            command(kind(**values, **fixed))

        return as_command(run, command, parameters)

    return declare


def as_command(
    run: Callable[..., None], command: Callable[..., None], parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    """Return ``run`` as typer reads it: with the command's text and these options."""
    run.__doc__ = command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {item.name: item.annotation for item in parameters}
    return run


def _parameter(name: str, hint: Any, default: object) -> inspect.Parameter:  # noqa: ANN401 # a type
    """Return the option as typer takes it: what is given several times is a list there."""
    if get_args(hint)[0] == SEVERAL:
        hint, default = Annotated[list[str], *get_args(hint)[1:]], []
    if default is MISSING:  # what has none has to be given
        default = inspect.Parameter.empty
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=hint, default=default
    )


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
