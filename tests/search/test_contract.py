"""What the engine relies on of Whoosh, beyond and beneath its public names. All tests run on whoosh3; these, and those of the
index, run on Whoosh-Reloaded as well: `make test-search-reloaded`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from app.search.index import SearchIndex, writing
from app.search.index.inverting import Writer
from app.search.index.postings import Cache, decode
from app.search.index.schema import fields_of, schema
from app.search.index.segment import Segment
from app.search.index.view import View, open_index
from app.search.sources import Document

COUNT = 2_100  # more than two blocks of postings


def document(number: int) -> Document:
    return Document(
        "p",
        str(number),
        "Deployment pipeline",
        body="流水线 " * (number % 7) + "pipeline code",
        levels=[number % 5 + 1],
        usefulness=number % 10,
        group=f"group {number}",
    )


def write(folder: Path, writer_of: Any) -> Segment:
    """One segment with COUNT documents, made by that writer."""
    folder.mkdir()
    FileStorage(str(folder), supports_mmap=False).create_index(schema())
    writer = writer_of(open_index(folder))
    for number in range(COUNT):
        writer.add_document(**fields_of(document(number)))
    writer.commit(mergetype=lambda _writer, segments: segments)
    return segments_of(folder)[0]


def segments_of(folder: Path) -> list[Segment]:
    opened = open_index(folder)
    toc = opened._read_toc()
    return [Segment(opened.storage, opened.schema, one, toc.generation, Cache(0)) for one in toc.segments]


def whooshs_own(index: Any) -> SegmentWriter:
    return SegmentWriter(index, codec=W3Codec(), compound=False)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Segment]:
    """The same documents, written by Whoosh itself and by the writer of ours."""
    folder = tmp_path_factory.mktemp("search")
    return {"whoosh": write(folder / "whoosh", whooshs_own), "ours": write(folder / "ours", Writer)}


def terms_of(segment: Segment) -> dict[str, list[bytes]]:
    found = {name: list(segment.reader.lexicon(name)) for name in segment.reader.indexed_field_names()}
    return {name: terms for name, terms in found.items() if terms}


def test_there_is_one_whoosh() -> None:
    assert len(set(packages_distributions()["whoosh"])) == 1


@pytest.mark.slow
def test_what_either_writer_writes_is_read_the_same(pair: Mapping[str, Segment]) -> None:
    theirs, ours = pair["whoosh"], pair["ours"]
    assert terms_of(theirs) == terms_of(ours)
    for field, terms in terms_of(ours).items():
        for term in terms:
            one, other = theirs._read(field, term.decode()), ours._read(field, term.decode())
            assert one[0].ids.tolist() == other[0].ids.tolist(), (field, term)
            assert np.allclose(one[0].weights, other[0].weights), (field, term)
            assert [bytes(value) for value in one[1]] == [bytes(value) for value in other[1]], (field, term)


def test_whoosh_reads_what_ours_writes(pair: Mapping[str, Segment]) -> None:
    for segment in pair.values():
        matcher = segment.reader.postings("text", b"pipelin")
        assert list(matcher.all_ids()) == list(range(COUNT))
        info = segment.reader.term_info("text", b"pipelin")
        assert (info.doc_frequency(), info.min_id(), info.max_id()) == (COUNT, 0, COUNT - 1)
        assert info.weight() == pytest.approx(COUNT * 9)
    one, other = (pair[name].reader.term_info("text", b"pipelin") for name in ("whoosh", "ours"))
    assert (one.min_length(), one.max_length()) == (other.min_length(), other.max_length())
    assert one.max_weight() == pytest.approx(other.max_weight())


def test_columns_are_numbers_in_a_row(pair: Mapping[str, Segment]) -> None:
    for segment in pair.values():
        assert segment.usefulness.tolist() == [number % 10 for number in range(COUNT)]
        assert len(set(segment.group.tolist())) == COUNT
        assert segment.day.tolist() == [0] * COUNT
        assert [segment.stored(number)[1] for number in (0, 1, COUNT - 1)] == ["0", "1", str(COUNT - 1)]
    assert pair["whoosh"].lengths.tolist() == pair["ours"].lengths.tolist()
    assert pair["whoosh"].total_length == pair["ours"].total_length


def test_the_bytes_of_a_posting_list_can_be_found(pair: Mapping[str, Segment]) -> None:
    """By its extent, which is a number, or (in 2.7.5) a number in a tuple."""
    for segment in pair.values():
        terms = segment.reader._terms
        offset, length = terms.term_info("text", b"code").extent()
        length = length[0] if isinstance(length, tuple) else length
        postings, values = decode(bytes(terms._postfile.get(offset, length)))
        assert (len(postings.ids), values) == (COUNT, [])


def test_the_table_of_contents(tmp_path: Path) -> None:
    """Numbered by generation; it tells the segments with what was taken out of each, under the names that files have."""
    index = SearchIndex(tmp_path)
    with index.writing():
        index.rebuild([document(number) for number in range(10)])
        index.apply([document(number) for number in range(2)], ["p:5"])
    folder = index.current_folder()
    opened = open_index(folder)
    toc = opened._read_toc()
    assert toc.generation == opened.latest_generation() == 2
    first, second = toc.segments
    assert [first.doc_count_all(), second.doc_count_all()] == [11, 3]
    assert sorted(first.deleted_docs()) == [0, 1, 2, 6]
    assert list(second.deleted_docs()) == []
    names = {path.name for path in folder.iterdir()}
    assert {name for name in names if name.endswith(".toc")} == {"_MAIN_2.toc"}
    for segment in toc.segments:
        assert any(name.startswith(f"{segment.segment_id()}.") for name in names)
        assert str(segment.segment_id()).startswith("MAIN_")
        assert f"{segment.segment_id()}.typed" in names


def test_a_merge_keeps_columns_and_what_is_left_of_the_postings(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    with index.writing():
        index.rebuild(())
        for number in range(writing.MANY):
            index.apply([document(each) for each in range(number, number + 3)], [])
        view = View(index.current_folder(), Cache(0))
        before = {view.stored(at)[1]: values_of(view, at) for at in np.flatnonzero(view.live).tolist()}
        assert index.merge()
    view = View(index.current_folder(), Cache(0))
    assert (len(view.segments), view.size) == (1, writing.MANY + 3)
    assert {view.stored(at)[1]: values_of(view, at) for at in np.flatnonzero(view.live).tolist()} == before
    assert len(view.postings("text", "pipelin").ids) == len(before)
    assert isinstance(view.segments[0].reader, SegmentReader)


def values_of(view: View, number: int) -> tuple[Any, ...]:
    level = view.exact["level"]
    lengths = [length for segment in view.segments for length in segment.lengths.tolist()]
    return (
        view.stored(number),
        int(view.group[number]),
        int(view.usefulness[number]),
        level.names[level.numbers[number, 0] - 1],
        lengths[number],
    )
