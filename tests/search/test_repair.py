"""What happens to the index when its files break, when it is replaced while it is read, and when two want to write."""

from __future__ import annotations

import json
import random
import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from app.search.index import IndexBrokenError, IndexBusyError, Question, SearchIndex, writing
from app.search.index.store import SUSPECT
from app.search.query import parse
from app.search.sources import Document

DOCUMENTS = [Document("p", str(number), f"Pipeline {number}", "部署", f"word{number} 流水线") for number in range(60)]


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    """Two segments, one of which has a deleted document."""
    index = SearchIndex(tmp_path / "search")
    with index.writing():
        index.rebuild(DOCUMENTS[:40])
        index.apply(DOCUMENTS[39:], ["p:0"])
    return index


def titles(index: SearchIndex, text: str = "pipeline") -> set[str]:
    found = index.search(Question(parse(text), frozenset({"public"}), limit=100))
    return {hit.title for hit in found.hits}


ALL = {document.title for document in DOCUMENTS[1:]}


def test_no_index_is_a_broken_index(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "nothing")
    for question in (index.count_by_kind, index.current_folder, index.is_suspect, lambda: titles(index)):
        with pytest.raises(IndexBrokenError):
            question()


@pytest.mark.parametrize("part", ["schema", "analysis"])
def test_an_index_of_another_version_is_stale(index: SearchIndex, part: str) -> None:
    meta = index.current_folder() / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), part: "older"}))
    with pytest.raises(IndexBrokenError, match="another version"):
        titles(index)


# Whoosh leaves files that it could not read open.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "end", [slice(0), slice(10), slice(-1), slice(None, None, 2)], ids=["empty", "head", "short", "half"]
)
def test_a_truncated_file_is_noticed_or_does_no_harm(index: SearchIndex, tmp_path: Path, end: slice) -> None:
    """Each file in turn: whoever reads gets the whole answer or is told that the index is broken, and a reader's doubt is
    enough for the writer to find out.
    """
    folder = index.current_folder()
    names = sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in {"meta.json", "sums.json"} and path.stat().st_size > 0
    )
    assert len(names) >= 3
    for name in names:
        broken = SearchIndex(tmp_path / f"broken-{name}")
        shutil.copytree(index.folder, broken.folder)
        path = broken.folder / folder.name / name
        path.write_bytes(path.read_bytes()[end])
        with suppress(IndexBrokenError):
            assert titles(broken) == ALL
        with broken.writing(), pytest.raises(IndexBrokenError):
            broken.check()
        with broken.writing():
            broken.rebuild(DOCUMENTS[1:])
        assert titles(broken) == ALL


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_flipped_bit_is_noticed_by_the_check_and_never_fatal(index: SearchIndex, tmp_path: Path) -> None:
    """Wherever it is: a reader answers, perhaps wrongly, or says that the index is broken; the check finds it."""
    folder = index.current_folder()
    chance = random.Random(20261124)
    names = sorted(path.name for path in folder.iterdir() if path.name not in {"meta.json", "sums.json"})
    for number, name in enumerate(names * 3):
        content = bytearray((folder / name).read_bytes())
        if not content:
            continue
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        broken = SearchIndex(tmp_path / f"flipped-{number}")
        shutil.copytree(index.folder, broken.folder)
        (broken.folder / folder.name / name).write_bytes(content)
        with suppress(IndexBrokenError):
            titles(broken)
        with broken.writing(), pytest.raises(IndexBrokenError):
            broken.check()


def test_what_was_committed_but_not_sealed_is_taken_as_it_is(index: SearchIndex) -> None:
    """A process killed between the two: the next check seals what can be opened."""
    (index.current_folder() / "sums.json").unlink()
    with index.writing():
        index.check()
    assert writing.read_sums(index.current_folder())
    assert titles(index) == ALL


def test_a_suspect_that_is_whole_is_acquitted(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("a mistake in the question, not in the index")

    monkeypatch.setattr("app.search.index.store.ask", fail)
    with pytest.raises(IndexBrokenError):
        titles(index)
    assert index.is_suspect()
    monkeypatch.undo()
    assert titles(index) == ALL
    with index.writing():
        index.check()
    assert not index.is_suspect()


def test_a_rebuild_leaves_no_mark_and_no_old_generation(index: SearchIndex) -> None:
    old = index.current_folder()
    (old / SUSPECT).touch()
    with index.writing():
        assert index.rebuild(DOCUMENTS) == len(DOCUMENTS)
    assert not index.is_suspect()
    assert not old.exists()
    assert [path for path in index.folder.glob("gen-*")] == [index.current_folder()]


def test_a_rebuild_that_fails_leaves_the_old_generation(index: SearchIndex) -> None:
    def documents() -> list[Document]:
        raise RuntimeError("the database went away")

    with index.writing(), pytest.raises(RuntimeError):
        index.rebuild(document for each in (documents,) for document in each())
    assert titles(index) == ALL


def test_only_one_writes(index: SearchIndex) -> None:
    with index.writing(), pytest.raises(IndexBusyError), SearchIndex(index.folder).writing():
        pass
    with index.writing():
        pass


def test_what_was_taken_out_is_never_found_again_while_others_write(index: SearchIndex) -> None:
    """A reader that keeps its searcher open sees every commit whole."""
    for number in range(1, 20):
        with index.writing():
            index.apply([DOCUMENTS[number + 20]], [f"p:{number}"])
        expected = {document.title for document in DOCUMENTS[number + 1 :]}
        assert titles(index) == expected


def test_searches_go_on_while_it_is_rebuilt(index: SearchIndex) -> None:
    stop = threading.Event()
    wrong: list[object] = []

    def search() -> None:
        while not stop.is_set():
            try:
                found = titles(index)
            except IndexBrokenError as error:
                wrong.append(error)
            else:
                wrong.extend([found] if found != ALL else [])

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _round in range(3):
        with index.writing():
            index.rebuild(DOCUMENTS[1:])
            index.apply(DOCUMENTS[5:8], [])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not index.is_suspect()
