"""What the processes do that search while somebody writes. They start from nothing and know the index by its folder alone,
as web workers do.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from app.search.index import Question, Results, SearchIndex
from app.search.query import parse
from app.search.sources import MEMBER, PUBLIC, Document

THREADS = 16
SIZE = 8
ASKED = {
    text: parse(text) for text in ("pipeline", '"deployment pipeline"', "pipel*", "流水线", "pipeline OR nowhere", "")
}
VISITOR, INSIDER = frozenset({PUBLIC}), frozenset({PUBLIC, MEMBER})


def documents_of(version: int) -> list[Document]:
    """What is in the index in this version: one document is missing, the next one is for members only."""
    return [
        Document(
            f"kind{number % 2}",
            str(number),
            f"Deployment pipeline {version}",
            body="流水线",
            levels=[version % 5 + 1],
            audience=VISITOR if number != (version + 1) % SIZE else frozenset({MEMBER}),
        )
        for number in range(SIZE)
        if number != version % SIZE
    ]


@dataclass(frozen=True)
class Expected:
    """What somebody finds of one version."""

    ids: set[str]
    kinds: Counter[str]

    @classmethod
    def of(cls, version: int, audience: frozenset[str]) -> Expected:
        seen = [document for document in documents_of(version) if document.audience & audience]
        return cls({document.id for document in seen}, Counter(document.kind for document in seen))


def search_for_long(
    folder: Path, announced: Synchronized[int], times: int, versions: int, seed: int, tell: Connection
) -> None:
    """Search `times` in each of many threads, and on until so many versions were seen: they are quick, and leave little of a
    busy machine to who writes. Tells how often it did at least, which versions it saw, and what was wrong.
    """
    index = SearchIndex(folder)
    wrong: list[str] = []
    seen: set[int] = set()
    threads = [
        threading.Thread(target=_search, args=(index, announced, times, versions, seed * THREADS + number, seen, wrong))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell.send((times * THREADS, seen, wrong))


def _search(
    index: SearchIndex,
    announced: Synchronized[int],
    times: int,
    versions: int,
    seed: int,
    seen: set[int],
    wrong: list[str],
) -> None:
    chance = random.Random(seed)
    last = done = 0
    try:
        while (done < times or len(seen) < versions) and not wrong:
            done += 1
            text, audience = chance.choice(list(ASKED)), chance.choice([VISITOR, INSIDER])
            last = max(last, announced.value)
            found = index.search(Question(ASKED[text], audience, limit=2 * SIZE))
            last = _check(found, audience, last)
            seen.add(last)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        wrong.append(f"{text!r}, at least {last}: {error!r}")


def _check(found: Results, audience: frozenset[str], least: int) -> int:
    """The version that was found, which is one, and not older than what was known before."""
    versions = {int(hit.title.split()[-1]) for hit in found.hits}
    assert len(versions) == 1, f"versions {versions}"
    (version,) = versions
    assert version >= least, f"version {version} after {least}"
    expected = Expected.of(version, audience)
    assert len(found.hits) == found.total == len(expected.ids), f"{found.total} hits in version {version}"
    assert {f"{hit.kind}:{hit.key}" for hit in found.hits} == expected.ids, f"hits of version {version}"
    assert found.facets["kind"] == expected.kinds, f"{found.facets['kind']} in version {version}"
    assert found.facets["level"] == {str(version % 5 + 1): found.total}, f"{found.facets['level']} in version {version}"
    return version
