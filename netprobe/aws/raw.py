"""AWS's answers as they came, and what could not be read: the form a snapshot is kept in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from netprobe.aws.reading import as_object, maybe_flag, maybe_text, parts, text, texts
from netprobe.model.snapshot import Gap


@dataclass(frozen=True, slots=True)
class RawSnapshot:
    """AWS's answers under the names of their calls, and the calls that left a gap."""

    region: str
    account: str | None
    answers: dict[str, Any] = field(default_factory=dict)
    """``{"DescribeSubnets": {"Subnets": [...]}}``; calls per subject hold a list of answers."""
    gaps: tuple[Gap, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the snapshot as a JSON document."""
        return {
            "region": self.region,
            "account": self.account,
            "answers": json.loads(json.dumps(self.answers, default=str)),
            "gaps": [asdict(gap) | {"subjects": sorted(gap.subjects)} for gap in self.gaps],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> RawSnapshot:
        """Return the snapshot a document was made of; raises KeyError or ValueError."""
        return cls(
            region=maybe_text(document, "region") or "",
            account=maybe_text(document, "account"),
            answers=as_object(document["answers"], "answers"),
            gaps=tuple(
                Gap(
                    call=text(gap, "call"),
                    error=maybe_text(gap, "error") or "",
                    iam_action=text(gap, "iam_action"),
                    needed_for=maybe_text(gap, "needed_for") or "",
                    asked=maybe_flag(gap, "asked") is not False,
                    subjects=frozenset(texts(gap, "subjects")),
                )
                for gap in parts(document, "gaps")
            ),
        )
