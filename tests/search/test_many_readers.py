"""No wrong answer while somebody writes: four processes of sixteen threads search; every commit makes another version of all
documents, by which one answer alone tells whether it is right.
"""

from __future__ import annotations

import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.search.index import Question, SearchIndex, writing
from app.search.query import parse
from tests.search import crowd

PROCESSES = 4
SEARCHES = 50_000
REBUILD_EVERY = 20
VERSIONS = 2 * REBUILD_EVERY + 1


def write_next(index: SearchIndex, version: int) -> None:
    """Change all documents, take one out, put one in again and make one private, in one commit; merge what has become many."""
    with index.writing():
        if version % REBUILD_EVERY:
            index.apply(crowd.documents_of(version), [f"kind{version % crowd.SIZE % 2}:{version % crowd.SIZE}"])
            index.merge()
        else:
            index.rebuild(crowd.documents_of(version))


@pytest.mark.race
def test_50_000_searches_while_somebody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MANY", 4)
    index = SearchIndex(tmp_path / "search")
    version = REBUILD_EVERY
    write_next(index, version)
    context = get_context("forkserver")
    context.set_forkserver_preload([crowd.__name__])
    announced = context.Value("q", version)
    pipes = [context.Pipe(duplex=False) for _ in range(PROCESSES)]
    processes = [
        context.Process(
            target=crowd.search_for_long,
            args=(index.folder, announced, -(-SEARCHES // (PROCESSES * crowd.THREADS)), VERSIONS, number, tell),
            daemon=True,
        )
        for number, (_hear, tell) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        version += 1
        write_next(index, version)
        announced.value = version
        time.sleep(0.02)
    told = [hear.recv() for hear, _tell in pipes]
    assert [each for _count, _seen, wrong in told for each in wrong] == []
    assert sum(count for count, _seen, _wrong in told) >= SEARCHES
    # They did see it change.
    assert all(len(seen) >= VERSIONS for _count, seen, _wrong in told)


def test_between_a_merge_and_its_announcement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that were merged are gone already, and CURRENT does not tell of it yet."""
    monkeypatch.setattr(writing, "MANY", 2)
    index = SearchIndex(tmp_path / "search")
    with index.writing():
        index.rebuild(crowd.documents_of(1))
        index.apply(crowd.documents_of(2), ["kind0:2"])
    readers = [SearchIndex(index.folder) for _ in range(2)]
    assert [reader.count() for reader in readers] == [crowd.SIZE - 1] * 2
    monkeypatch.setattr(SearchIndex, "_put_in_place", lambda *_: None)
    with index.writing():
        assert index.merge()
    typed = Question(parse("pipleine"), crowd.VISITOR)
    assert readers[0].search(Question(parse("pipeline"), crowd.VISITOR)).total == crowd.SIZE - 2
    assert readers[1].correct(typed) == "pipeline"
    assert not index.is_suspect()
