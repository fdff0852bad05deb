"""One commit, and merging. Whoosh neither flushes to the disk nor keeps checksums; both are done here.

A commit is Whoosh's: a new table of contents, put in place at once. With it goes a note of the watermark, a document that
nobody finds, so that index and watermark cannot disagree.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from whoosh.reading import SegmentReader

from app.search.index.inverting import Writer
from app.search.index.schema import fields_of
from app.search.index.view import View, open_index
from app.search.sources import Document

# Segments are merged once there are so many of a tier. Larger ones are left: to merge them would keep changes waiting.
TIERS = ((0, 1_000), (1_000, 10_000))
MANY = 6
# At most so many documents at once, the smallest segments first.
MOST_MERGED = 20_000
# Of one segment, which is held in memory while it is written.
CHUNK = 10000
WATERMARK = "watermark"

Sums = dict[str, tuple[int, int]]


def write(
    folder: Path, view: View | None, documents: Iterable[Document], removed: Iterable[str], watermark: int
) -> int:
    """Write `documents` over what `view` has of them, without those in `removed`. Durable on return. Returns how many
    documents were written. `view` is the present state; None for an index that is still empty. Up to CHUNK documents are
    one commit.
    """
    count = 0
    chunks = _in_chunks(documents)
    first = next(chunks, [])
    with _writer(folder) as writer:
        for document_id in (*removed, WATERMARK):
            _take_out(writer, view, document_id)
        writer.add_document(id=[WATERMARK], document=("", str(watermark), "", "", ()))
        count += _add(writer, view, first)
    for chunk in chunks:
        with _writer(folder) as writer:
            count += _add(writer, view, chunk)
    seal(folder)
    return count


def _in_chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    left = iter(documents)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


@contextmanager
def _writer(folder: Path) -> Iterator[Writer]:
    """A writer that commits at the end, or changes nothing."""
    writer = Writer(open_index(folder))
    try:
        yield writer
        writer.commit(mergetype=lambda _writer, segments: segments)
    except BaseException:
        with suppress(Exception):
            writer.cancel()
        raise


def _add(writer: Writer, view: View | None, documents: Sequence[Document]) -> int:
    for document in documents:
        _take_out(writer, view, document.id)
        writer.add_document(**fields_of(document))
    return len(documents)


def merge(folder: Path, view: View) -> bool:
    """Merge the segments of a tier that has many. Returns whether there was one."""
    small = _to_merge(view)
    if not small:
        return False
    with _writer(folder) as writer:
        for segment in [one for one in writer.segments if one.segment_id() in small]:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
            writer.segments.remove(segment)
    seal(folder)
    return True


def seal(folder: Path) -> None:
    """Flush what is new to the disk, and write down the checksums of all files."""
    known = read_sums(folder)
    names = _present(folder)
    sums = {name: known.get(name) or _sum_of(folder / name) for name in names}
    for name in names - known.keys():
        sync_file(folder / name)
    path = folder / "sums.new"
    path.write_text(json.dumps(sums), encoding="utf-8")
    sync_file(path)
    path.replace(folder / "sums.json")
    sync_file(folder)


def read_sums(folder: Path) -> Sums:
    """{name: (size, CRC-32)} as they were sealed; nothing where they were not."""
    try:
        found = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
        return {name: (size, crc) for name, (size, crc) in found.items()}
    except (OSError, ValueError):
        return {}


def damaged(folder: Path) -> list[str]:
    """The files of the index that are not as they were written. What was written after the last seal is not judged."""
    sums = read_sums(folder)
    return sorted(name for name in _present(folder) & sums.keys() if _sum_of(folder / name) != sums[name])


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take_out(writer: Any, view: View | None, document_id: str) -> None:
    """Mark what the present state has under the id as deleted, and what this writer has added under it."""
    if view is None:
        return
    for number in view.postings("id", document_id).ids.tolist():
        if not writer.is_deleted(number):
            writer.delete_document(number)


def _to_merge(view: View) -> set[str]:
    for low, high in TIERS:
        tier = sorted((segment.size, segment.id) for segment in view.segments if low <= segment.size < high)
        if len(tier) >= MANY:
            together = accumulate(size for size, _name in tier)
            return {name for (_size, name), sizes in zip(tier, together, strict=True) if sizes <= MOST_MERGED}
    return set()


def _present(folder: Path) -> set[str]:
    """The files of the index."""
    return {path.name for path in folder.iterdir() if path.name.startswith(("MAIN_", "_MAIN_"))}


def _sum_of(path: Path) -> tuple[int, int]:
    try:
        content = path.read_bytes()
    except OSError:
        return -1, 0
    return len(content), zlib.crc32(content)


def dedupe(documents: Iterable[Document]) -> list[Document]:
    """The last of each id: the same id twice in one writer would leave two documents."""
    return list({document.id: document for document in documents}.values())
