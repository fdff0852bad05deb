"""What is asked of every engine, and what a page of results is."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random

import rjieba

from app.search.sources import MEMBER, PUBLIC, Document
from tests.bench.search import corpus

FACETS = ("kind", "area", "capability", "level", "language", "tag", "coach", "year")
# The permission filter: this reader may find seven of eight documents.
READER = frozenset({PUBLIC, MEMBER, "user:7", "role:coach", "team:3"})
SAMPLE = 10_000
DISTINCT = 50

_WORD = re.compile("[a-z]+")
_HAN_WORD = re.compile("[一-鿿]{2,3}")
_STOP = frozenset(
    "with that this from have they their your about which when what were will would there these those then than them into "
    "also only more most some such each very just over make made does been being because after before where while".split()
)


class Form(StrEnum):
    ALL = "all"
    ANY = "any"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True)
class Asked:
    """A query in a form that each engine writes in its own way."""

    words: tuple[str, ...]
    form: Form = Form.ALL
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Ten best, the exact total, the facets with counts, a passage for each hit."""

    ids: Sequence[str]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    passages: Sequence[str]


@dataclass(frozen=True)
class Questions:
    """`pages` by class; `typed` are beginnings of titles; `mistaken` are words with a mistake and what was meant."""

    pages: Mapping[str, Sequence[Asked]]
    typed: Sequence[str]
    mistaken: Sequence[tuple[str, str]]


class Engine(ABC):
    """One engine on one folder. Only what every page needs is asked; what an engine cannot do is None."""

    name: str
    # Is what it builds the same until its module changes, so that it can be kept from run to run?
    is_kept = True
    # Is its memory in this process?
    is_here = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def build(self, documents: Iterable[Document]) -> None:
        """Index everything, once; ends searchable for `open`."""

    @abstractmethod
    def open(self) -> None:
        """Be ready to search."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""

    @abstractmethod
    def page(self, asked: Asked) -> Page:
        """What READER may find."""

    @abstractmethod
    def update(self, document: Document) -> None:
        """Write one document over what is there of it, durably, and be ready to find it."""

    def forget(self) -> None:
        """Be as after a start; what the operating system keeps of the files stays."""
        self.close()
        self.open()

    def rest(self) -> None:  # noqa: B027 (most have nothing to do)
        """What is done between updates, when nobody waits."""

    def drop(self) -> None:  # noqa: B027 (the same)
        """Leave nothing outside of the folder."""

    def suggest(self, typed: str) -> Sequence[str] | None:
        """Eight titles that go with what is being typed."""
        return None

    def correct(self, word: str) -> str | None:
        """What was probably meant."""
        return None

    def size(self) -> int:
        """On the disk, in bytes."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def values_of(document: Document) -> dict[str, list[str]]:
    """The values of each facet."""
    return {
        "kind": [document.kind],
        "area": [document.area] if document.area else [],
        "capability": list(document.capabilities),
        "level": [str(level) for level in document.levels],
        "language": list(document.languages),
        "tag": list(document.tags),
        "coach": list(document.coaches),
        "year": [str(document.day.year)] if document.day else [],
    }


def questions(path: Path) -> Questions:
    """Made of the documents in `path` that READER may find, the same in every run."""
    rng = Random(corpus.SEED)
    documents = [each for each in corpus.read(path, SAMPLE) if each.audience & READER]
    english = [each for each in documents if each.languages == ["en"]]
    chinese = [each for each in documents if each.languages == ["zh"]]
    words = _Words(english, _WORD.findall, len(documents), shortest=4)
    han = _Words(chinese, lambda text: [word for word in rjieba.cut(text) if _HAN_WORD.fullmatch(word)], len(documents))
    latin = _Words(chinese, _WORD.findall, len(documents), shortest=3)
    rng.shuffle(english)
    rng.shuffle(chinese)
    and3 = _several(rng, english, (words,), 3)
    classes = {
        "common term": [Asked((word,)) for word in _some(rng, words.common)],
        "rare term": [Asked((word,)) for word in _some(rng, words.rare)],
        "three terms, AND": [Asked(three) for three in and3],
        "three terms, OR": [Asked(three, Form.ANY) for three in _several(rng, english[::-1], (words,), 3)],
        "phrase": [Asked(three, Form.PHRASE) for three in _phrases(rng, english, words)],
        "prefix": [Asked((word[:4],), Form.PREFIX) for word in _some(rng, words.middle)],
        "Chinese, two words": [Asked(two) for two in _several(rng, chinese, (han,), 2)],
        "mixed": [Asked(two) for two in _several(rng, chinese, (latin, han), 1)],
        "two facets": _filtered(rng, english, words),
    }
    titles = [each.title.lower() for each in rng.sample(documents, min(DISTINCT * 4, len(documents)))]
    typed = [title[: rng.randint(2, 9)].strip() for title in titles]
    return Questions(classes, typed, _mistaken(rng, words))


class _Words:
    """The words of a corpus by how many of `size` documents have them."""

    def __init__(
        self, documents: Sequence[Document], cut: Callable[[str], list[str]], size: int, shortest: int = 2
    ) -> None:
        self.cut = cut
        self.counts: Counter[str] = Counter()
        for document in documents:
            self.counts.update(set(cut(f"{document.title}\n{document.body}".lower())))
        usable = sorted(word for word in self.counts if len(word) >= shortest and word not in _STOP)
        self.common = [word for word in usable if size / 10 <= self.counts[word] <= size / 3]
        self.middle = [word for word in usable if max(3, size / 200) <= self.counts[word] <= size / 10]
        self.rare = [word for word in usable if 2 <= self.counts[word] <= max(3, size / 5000)]
        self.is_middle = frozenset(self.middle)

    def middle_of(self, document: Document) -> list[str]:
        return sorted(self.is_middle & set(self.cut(document.body.lower())))


def _some(rng: Random, words: Sequence[str]) -> list[str]:
    return rng.sample(words, min(DISTINCT, len(words)))


def _several(
    rng: Random, documents: Sequence[Document], kinds: Sequence[_Words], of_each: int
) -> list[tuple[str, ...]]:
    """Words that stand together in a document, so many of each kind."""
    found: list[tuple[str, ...]] = []
    for document in documents:
        pools = [kind.middle_of(document) for kind in kinds]
        if all(len(pool) >= of_each for pool in pools):
            found.append(tuple(word for pool in pools for word in rng.sample(pool, of_each)))
        if len(found) == DISTINCT:
            break
    return found


def _phrases(rng: Random, documents: Sequence[Document], words: _Words) -> list[tuple[str, ...]]:
    """Three words in a row, none of them a stop word."""
    found: list[tuple[str, ...]] = []
    for document in documents[: DISTINCT * 2]:
        rows = re.findall(r"[a-z]{4,} [a-z]{4,} [a-z]{4,}", document.body)
        known = [
            tuple(row.split())
            for row in rows
            if all(words.counts[word] > 2 and word not in _STOP for word in row.split())
        ]
        found += [rng.choice(known)] if known else []
    return found[:DISTINCT]


def _filtered(rng: Random, documents: Sequence[Document], words: _Words) -> list[Asked]:
    """A word with two facets that a document with it has."""
    common = frozenset(words.common)
    found = []
    for document in documents[: DISTINCT * 2]:
        pool = sorted(common & set(words.cut(document.body)))
        if pool:
            filters = {"kind": (document.kind,), "level": (str(document.levels[0]),)}
            found.append(Asked((rng.choice(pool),), filters=filters))
    return found[:DISTINCT]


def _mistaken(rng: Random, words: _Words) -> list[tuple[str, str]]:
    """Words with two letters swapped, one missing or one doubled."""
    found = []
    for word in _some(rng, [word for word in words.middle if len(word) > 6]):
        at = rng.randrange(1, len(word) - 1)
        wrong = rng.choice(
            (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
            )
        )
        if wrong not in words.counts:
            found.append((wrong, word))
    return found
