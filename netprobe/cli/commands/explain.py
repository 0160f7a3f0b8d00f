"""``netprobe explain``: the page of a finding or an error."""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli import completion
from netprobe.cli.accepted import accepts
from netprobe.cli.options import Output, PageFormat


@accepts("profile", "region", "endpoint_url", "verbose")
def command(
    code: Annotated[
        str | None,
        typer.Argument(
            help="Code or name of a finding, name of an error, or words of a symptom.",
            metavar="CODE",
            autocompletion=completion.pages,
        ),
    ] = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="List every finding and error netprobe can name.")
    ] = False,
    search: Annotated[
        str | None,
        typer.Option(
            "--search", help="List those whose page has all of these words.", metavar="WORDS"
        ),
    ] = None,
    symptom: Annotated[
        str | None,
        typer.Option(
            "--symptom",
            help="List the findings that look like this: a symptom's name, or words of it.",
            metavar="NAME",
            autocompletion=completion.symptoms,
        ),
    ] = None,
    symptoms: Annotated[bool, typer.Option("--symptoms", help="List the symptoms.")] = False,
    form: Annotated[
        PageFormat, typer.Option("--format", help="text or json; markdown for tickets.")
    ] = PageFormat.TEXT,
    output: Output = None,
) -> None:
    """Show what a finding means, why traffic fails, how netprobe knows, and the fix.

    The name of an error, such as no-such-vpc, shows what it means and what to do.

    Example: netprobe explain NP103
    """
    from netprobe.cli.explain_run import ExplainOptions, run  # noqa: PLC0415 # heavy imports wait

    raise typer.Exit(
        run(
            ExplainOptions(
                code=code,
                list_all=list_all,
                search=search,
                symptom=symptom,
                symptoms=symptoms,
                form=form,
                output=output,
            )
        )
    )
