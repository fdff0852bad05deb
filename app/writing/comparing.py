"""What is different between two contents: each field in the way that suits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from app.writing.aligning import STEPS, Budget
from app.writing.differing import CONTEXT, Change, Difference, compare
from app.writing.marking import Mark, Marked, mark_words
from app.writing.matching import Row, match_rows


class Shown(Protocol):
    """A field of a content: `kinds.Field`."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> Any: ...
    @property
    def value(self) -> Any: ...
    @property
    def is_prose(self) -> bool: ...
    @property
    def columns(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A word, a number, a sentence: as it was and is, in one."""

    sort: ClassVar[str] = "value"
    label: Any
    marked: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class WordsDifference:
    """A list of words: what went, what came. `is_reordered`: they are the same in another order."""

    sort: ClassVar[str] = "words"
    label: Any
    removed: tuple[str, ...]
    added: tuple[str, ...]
    is_reordered: bool


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row of a table: what became of it, and its cells in the order of the columns."""

    change: Change
    cells: tuple[tuple[Marked, ...], ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    sort: ClassVar[str] = "table"
    label: Any
    columns: tuple[Any, ...]
    rows: tuple[RowDifference, ...]


@dataclass(frozen=True, slots=True)
class TextDifference:
    sort: ClassVar[str] = "text"
    label: Any
    text: Difference


FieldDifference = ValueDifference | WordsDifference | TableDifference | TextDifference


def differences(
    before: Sequence[Shown], after: Sequence[Shown], *, context: int | None = CONTEXT
) -> list[FieldDifference]:
    """The fields that are not the same, in the order of reading. What a content does not have is empty."""
    old, new = ({field.name: field for field in fields} for fields in (before, after))
    found = []
    for name in dict.fromkeys((*new, *old)):
        field = new.get(name) or old[name]
        was, is_now = (side[name].value if name in side else None for side in (old, new))
        if was != is_now and not all(value in (None, "", []) for value in (was, is_now)):
            found.append(_difference(field, was, is_now, context))
    return found


def _difference(field: Shown, was: Any, is_now: Any, context: int | None) -> FieldDifference:
    if any(isinstance(value, list | tuple) for value in (was, is_now)):
        old, new = list(was or ()), list(is_now or ())
        if any(isinstance(each, Mapping) for each in (*old, *new)):
            return _table(field, old, new)
        return _words(field, [str(each) for each in old], [str(each) for each in new])
    old_text, new_text = _said(was), _said(is_now)
    if field.is_prose or "\n" in old_text.strip() + new_text.strip():
        return TextDifference(field.label, compare(old_text, new_text, context=context))
    return ValueDifference(field.label, mark_words(old_text, new_text, Budget(STEPS)))


def _said(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _words(field: Shown, old: Sequence[str], new: Sequence[str]) -> WordsDifference:
    removed = tuple(word for word in old if word not in new)
    added = tuple(word for word in new if word not in old)
    return WordsDifference(field.label, removed, added, is_reordered=not removed and not added)


def _table(field: Shown, old: Sequence[Row], new: Sequence[Row]) -> TableDifference:
    """The rows of the new table in their order, each of those that went behind the one that stood before it."""
    known = dict.fromkeys([*field.columns, *(key for row in (*new, *old) for key in row)])
    columns = [key for key in known if any(_said(row.get(key)) for row in (*new, *old))]
    partners = match_rows(old, new)
    origins = {there: here for here, there in partners.items()}
    gone = [here for here in range(len(old)) if here not in partners]
    rows: list[RowDifference] = []
    for there, row in enumerate(new):
        before = old[origins[there]] if there in origins else None
        while gone and gone[0] < origins.get(there, -1):
            rows.append(_row(columns, old[gone.pop(0)], None))
        rows.append(_row(columns, before, row))
    rows += (_row(columns, old[here], None) for here in gone)
    return TableDifference(field.label, tuple(field.columns.get(each, each) for each in columns), tuple(rows))


def _row(columns: Sequence[str], before: Row | None, after: Row | None) -> RowDifference:
    budget = Budget(STEPS)
    was, is_now = before or {}, after or {}
    cells = tuple(_cell(_said(was.get(each)), _said(is_now.get(each)), budget) for each in columns)
    if before is None or after is None:
        return RowDifference(Change.ADDED if before is None else Change.REMOVED, cells)
    is_same = all(marked.mark is Mark.SAME for cell in cells for marked in cell)
    return RowDifference(Change.SAME if is_same else Change.CHANGED, cells)


def _cell(was: str, is_now: str, budget: Budget) -> tuple[Marked, ...]:
    return (Marked(is_now, Mark.SAME),) if was == is_now else mark_words(was, is_now, budget)
