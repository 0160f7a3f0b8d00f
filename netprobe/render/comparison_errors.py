"""The pages of errors about what is compared."""

from __future__ import annotations

from netprobe.render.error_page import Page

PAGES: dict[str, Page] = {
    "nothing-to-ask": Page(
        "Reports have given their answers already",
        "--vpc, --function and --target ask the configuration of two snapshots. Two reports are "
        "compared as they are: leave the options out.",
    ),
    "two-kinds-to-compare": Page(
        "A report and a snapshot cannot be compared",
        "Give netprobe diff two reports of --format json, or two snapshots. A report of a "
        "snapshot is made by netprobe check --snapshot PATH --format json.",
    ),
}
