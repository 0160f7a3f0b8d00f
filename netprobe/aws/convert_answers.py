"""Looking AWS's answers up: each item on its own, and a Gap for whatever is not there.

An item that cannot be read makes its call a gap, because absence may not be concluded without
it; the items beside it are kept, because what was read is true all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from netprobe.aws.operations import Operation
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.reading import UNREADABLE, Json, as_object, stated_parts, text
from netprobe.model.snapshot import Gap

Made = TypeVar("Made")

NOT_READ = "not read"
UNFINISHED = "the last page is missing"
CANNOT_BE_READ = "an answer that cannot be read"

MORE = (
    "NextToken",
    "nextToken",
    "NextMarker",
    "Marker",
    "PaginationToken",
    "position",
    "IsTruncated",
    "AdditionalRoutesAvailable",
)
"""Keys that say, when set, that this is not the last page."""


@dataclass(slots=True)
class Answers:
    """The answers of one account and region, and the gaps found while reading them."""

    raw: RawSnapshot
    gaps: dict[str, Gap] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with the gaps that reading left; each call has one, the first."""
        for gap in self.raw.gaps:
            self.gaps.setdefault(gap.call, gap)

    def knows(self, operation: Operation) -> bool:
        """Tell whether the call was made and answered."""
        answer = self.raw.answers.get(operation.answer_name)
        if isinstance(answer, list):
            return operation.subject != "" or any(
                not _is_void(piece, operation) for piece in answer
            )
        return answer is not None and not _is_void(answer, operation)

    def each(
        self,
        operation: Operation,
        make: Callable[[Json], Made],
        only: Callable[[Json], bool] = lambda _item: True,
    ) -> tuple[Made, ...]:
        """Return every item of an answer, converted; a call nobody made leaves a gap."""
        if not self.knows(operation):
            self.miss(operation)
            return ()
        made: list[Made] = []
        for item in self.items(operation):
            try:
                if only(item):
                    made.append(make(item))
            except UNREADABLE as error:
                self.fail(operation, error)
        return tuple(made)

    def items(self, operation: Operation) -> Iterator[Json]:
        """Yield the items of an answer as they came, of all its pages."""
        pages = list(self.pieces(operation))
        if pages and not any(map(is_last, pages)):
            self.note(operation, UNFINISHED)
        for answer in pages:
            try:
                yield from self._objects(operation, answer[operation.key])
            except UNREADABLE as error:
                self.fail(operation, error)

    def _objects(self, operation: Operation, found: Any) -> Iterator[Json]:
        """Yield the objects of a list; what stands beside them and is none leaves a gap."""
        if not isinstance(found, list):
            raise TypeError(f"{operation.key} is no list")  # caught right above
        for item in found:
            if isinstance(item, dict):
                yield item
            else:
                self.fail(operation, TypeError(f"{operation.key} holds {item!r:.40}"))

    def pieces(self, operation: Operation, *, unnamed: bool = False) -> Iterator[Json]:
        """Yield the answers to a call: one, one per request, or one per page.

        With ``unnamed`` those too that lack the key that holds what is asked for.
        """
        answer = self.raw.answers.get(operation.answer_name)
        for piece in answer if isinstance(answer, list) else [answer]:
            try:
                if piece is not None and (unnamed or not _is_void(piece, operation)):
                    yield as_object(piece, operation.name)
            except ValueError as error:
                self.fail(operation, error)

    def per_subject(
        self,
        operation: Operation,
        wanted: Collection[str] = (),
        *,
        each: bool = False,
        read: Callable[[list[Json]], object] = list,
    ) -> dict[str, list[Json]]:
        """Return what was answered about each subject, if all of it can be read with ``read``.

        Nothing at all about subjects that are wanted leaves a gap; with ``each`` one that is
        missing does.
        """
        found: dict[str, list[Json]] = {}
        finished: set[str] = set()
        for answer in self.pieces(operation):
            try:
                for subject, items in self._of_subjects(operation, answer):
                    found.setdefault(subject, []).extend(items)
                    if is_last(answer):
                        finished.add(subject)
            except UNREADABLE as error:
                self.fail(operation, error)
        for subject in [subject for subject in found if subject not in finished]:
            self.note(operation, f"{UNFINISHED} for {subject}")
            del found[subject]
        readable = {
            subject: items
            for subject, items in found.items()
            if self._can_read(operation, items, read)
        }
        self.want(operation, wanted, readable if each else None)
        return readable

    def _can_read(
        self, operation: Operation, items: list[Json], read: Callable[[list[Json]], object]
    ) -> bool:
        """Tell whether items can be read; without one of them the others would mislead."""
        try:
            read(items)
        except UNREADABLE as error:
            self.fail(operation, error)
            return False
        return True

    def _of_subjects(
        self, operation: Operation, answer: Json
    ) -> Iterator[tuple[str, Iterable[Json]]]:
        """Yield subject and items of an answer that names its subject, or whose items do."""
        if operation.subject in answer:
            yield text(answer, operation.subject), stated_parts(answer, operation.key)
            return
        for item in stated_parts(answer, operation.key):
            yield text(item, operation.subject), [item]

    def want(
        self,
        operation: Operation,
        wanted: Collection[object],
        found: Collection[str] | None = None,
    ) -> None:
        """Leave a gap where something was to be asked about and nobody did."""
        if not self.knows(operation):
            if wanted:
                self.miss(operation)
            return
        missing = [str(one) for one in wanted if found is not None and one not in found]
        if missing:
            self.miss(operation, missing)

    def miss(self, operation: Operation, subjects: Sequence[str] = ()) -> None:
        """Leave the gap of a call that nobody made, or not for these subjects."""
        more = f" and {len(subjects) - 1} more" if subjects[1:] else ""
        words = f"{NOT_READ} for {subjects[0]}{more}" if subjects else NOT_READ
        self.note(operation, words, asked=False, subjects=subjects)

    def fail(self, operation: Operation, error: Exception) -> None:
        """Leave the gap of an answer that cannot be read."""
        self.note(operation, f"{CANNOT_BE_READ}: {type(error).__name__}: {error}")

    def note(
        self,
        operation: Operation,
        error: str,
        *,
        asked: bool = True,
        subjects: Sequence[str] = (),
    ) -> None:
        """Leave a gap, unless the call has one; one that concerns all outweighs others."""
        known = self.gaps.get(operation.call)
        if known is not None and (subjects or not known.subjects):
            return
        gap = Gap(
            call=operation.call,
            error=error,
            iam_action=operation.iam_action,
            needed_for=operation.needed_for,
            asked=asked,
            subjects=frozenset(subjects),
        )
        self.gaps[operation.call] = gap


def _is_void(piece: Any, operation: Operation) -> bool:
    """Tell whether an answer is an explicit null, which says as little as no answer at all."""
    is_named = isinstance(piece, dict) and bool(operation.key) and not operation.subject
    return is_named and piece.get(operation.key) is None


def is_last(piece: Json) -> bool:
    """Tell whether an answer is its last page."""
    return not any(piece.get(key) for key in MORE)
