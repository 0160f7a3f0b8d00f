"""The pages of errors about expectations and the files they come from."""

from __future__ import annotations

from netprobe.render.error_page import Page

PAGES: dict[str, Page] = {
    "file-exists": Page(
        "The file to write is there already",
        "Somebody may have written their own words into it, so it is not replaced. Name another "
        "file, or replace it with --force.",
    ),
    "no-such-path": Page(
        "An expectation is about a path that is not asked about",
        "Nothing could keep or break it, so it is not taken for kept. The check does not start at "
        "that source, has other targets, or leaves the family out: compare the flow in the file "
        "with --target, --subnet, --ipv4-only and --ipv6-only.",
    ),
    "nothing-to-expect": Page(
        "Nothing works now that could be expected to keep working",
        "netprobe expect writes down what works. Let netprobe check say what fails, mend it, and "
        "write the expectations then; or write them by hand, as what the network has to become.",
    ),
    "unreadable-expectations": Page(
        "The expectations file cannot be used",
        "It is not TOML, or has a key or a value that does not exist; the line says where. A file "
        "has [[flow]] tables with to, and maybe from, family (ipv4, ipv6, any, both), must (work, "
        "not-work) and why.",
    ),
    "unreadable-report": Page(
        "The report cannot be read",
        "It is not a JSON document of netprobe.report/1, or a part of it is missing. Write one "
        "with netprobe check --format json --output FILE.",
    ),
}
