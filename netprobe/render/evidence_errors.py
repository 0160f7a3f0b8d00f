"""The pages of what can go wrong with evidence."""

from __future__ import annotations

from netprobe.render.error_page import Page

PAGES: dict[str, Page] = {
    "unreadable-evidence": Page(
        "The evidence cannot be read",
        "Give the folder or zip file that --save-evidence wrote, a file of netprobe snapshot, or "
        "a folder of describe output with observations.json beside it. A zip file that leads out "
        "of its folder, or unpacks to far more than it holds, is refused.",
    ),
    "evidence-is-complete": Page(
        "An option does not go with evidence",
        "What --evidence names was read and probed already, so nothing about AWS or about probes "
        "can be asked anew. Targets, subnets, families and the client can.",
    ),
    "no-evidence-yet": Page(
        "There is no evidence to save",
        "--dry-run stops before anything is judged. Leave it or --save-evidence out.",
    ),
}
