"""What a fault is: one kind of thing that can be wrong, its check and its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from netprobe.diagnosis.case import Case, Hit
from netprobe.diagnosis.symptoms import SymptomName
from netprobe.model.finding import Evidence, Finding, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One entry of the registry; code and name never change and are never reused."""

    code: str
    name: str
    title: str
    phrase: str
    """The fault in a few words, for the one-sentence answer: "no default route"."""
    since: str
    check: Callable[[Case], Iterator[Finding]]
    doc: str | None
    """The module's docstring, which is the fault's page."""
    role: Role | None = None
    """A role of its own; None where it depends on whether a client feels the paths."""
    names_cause: bool = True
    """It says why a path fails. False: it makes a failure worse, or tells where to look."""
    decidable: bool = True
    """False where only an application's logs can show it: its findings are notes that say what
    to look at where its symptom is met, and its page is there to be read."""
    symptoms: tuple[SymptomName, ...] = ()
    """What people see of it, in the order of ``SYMPTOMS``."""
    explains: frozenset[str] = field(default_factory=frozenset)
    """Names of faults that are part of this one where both explain the same paths."""

    def found(  # noqa: PLR0913 # what a finding says, by name
        self,
        hits: Iterable[Hit],
        *,
        reason: str,
        advice: str,
        standing_cost: str = "none",
        also: Iterable[Evidence] = (),
        moot_beside: frozenset[str] = frozenset(),
    ) -> Finding:
        """Return a finding of these hits; the first one's blocker is the primary evidence."""
        hits = tuple(hits)
        seen = dict.fromkeys(hit.evidence for hit in hits)
        related = dict.fromkeys(
            Evidence(resource_id=hit.blocker.resource_id, says=f"near miss: {miss}")
            for hit in hits
            for miss in hit.blocker.near_misses
        )
        found = self.found_with(
            (*seen, *related, *also),
            tuple(hit.path.key for hit in hits),
            reason=reason,
            advice=advice,
            standing_cost=standing_cost,
        )
        return replace(found, moot_beside=moot_beside)

    def found_with(
        self,
        evidence: Iterable[Evidence],
        paths: Iterable[object],
        *,
        reason: str,
        advice: str,
        standing_cost: str = "none",
    ) -> Finding:
        """Return a finding with this evidence, whose first fact becomes the primary one."""
        facts = tuple(evidence)
        first = Evidence(resource_id=facts[0].resource_id, says=facts[0].says, primary=True)
        return Finding(
            code=self.code,
            name=self.name,
            title=self.title,
            phrase=self.phrase,
            evidence=(first, *facts[1:]),
            paths=tuple(dict.fromkeys(paths)),  # type: ignore[arg-type] # PathKeys, kept in order
            reason=reason,
            advice=advice,
            standing_cost=standing_cost,
        )
