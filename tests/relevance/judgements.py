"""The judged queries, read and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILES = ("judged.yaml", "held_out.yaml")
GROUPS = ("english", "chinese", "sentences", "across")
SETS = ("tune", "aside", "held_out", "sentences_2")


@dataclass(frozen=True)
class Judged:
    """A query with the grade of each document that is not 0, by the document's name."""

    text: str
    group: str
    set: str
    grades: Mapping[str, int]

    def among(self, names: Collection[str]) -> Judged:
        """The same with those documents only that are there."""
        kept = {name: grade for name, grade in self.grades.items() if name in names}
        return Judged(self.text, self.group, self.set, kept)


@cache
def judged_queries() -> tuple[Judged, ...]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = [entry for name in FILES for entry in yaml.load(Path(__file__).with_name(name).read_bytes(), loader)]
    return tuple(Judged(entry["q"], entry["group"], entry["set"], entry["grades"]) for entry in entries)


def answerable(queries: Collection[Judged], names: Collection[str]) -> list[Judged]:
    """The queries to which an exact answer is among the documents of these names."""
    present = [query.among(names) for query in queries]
    return [query for query in present if 3 in query.grades.values()]
