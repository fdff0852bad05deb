"""The evidence pack: a snapshot with all that shows it to be true, for an assessor from outside. A zip, written file by file so
that twelve files for each of forty capabilities need no memory.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from flask_babel import gettext as _

from app.maturity.models import Snapshot
from app.maturity.rules import EvidenceKind
from app.maturity.snapshots.content import canonical
from app.media.store import find_guarded

# Up to here a pack is made in memory, beyond it on the disk.
IN_MEMORY = 4_000_000
CHUNK = 1_000_000
# More than this is no download any more. What does not fit is named in the list instead.
MOST_BYTES = 1_000_000_000
LONGEST_NAME = 80
SUMS, README = "SHA256SUMS", "README.txt"
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True)
class Attached:
    """A file that is evidence. `path` is None where it is no longer kept, `name` is what it is called in the pack."""

    name: str
    title: str
    capability: str
    path: Path | None


@dataclass
class _Pack:
    """`sums` are (SHA-256, name) of what is in it so far."""

    archive: ZipFile
    at: tuple[int, int, int, int, int, int]
    sums: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, chunks: Iterable[bytes], *, is_packed: bool = False) -> None:
        entry = ZipInfo(name, self.at)
        # A file that is compressed already only costs time to compress.
        entry.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self.archive.open(entry, "w", force_zip64=True) as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
        self.sums.append((digest.hexdigest(), name))


def make_pack(snapshot: Snapshot, media: Path, *, paper: bytes, workbook: bytes) -> IO[bytes]:
    """The zip, from its beginning. Whoever reads it closes it."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # it is streamed after this function has returned
    moment = snapshot.taken_at
    at = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with ZipFile(out, "w") as archive:
        pack = _Pack(archive, at)
        pack.put("snapshot.pdf", [paper], is_packed=True)
        pack.put("snapshot.xlsx", [workbook], is_packed=True)
        # As it was hashed when the snapshot was taken: the sum of this file is the digest.
        pack.put("snapshot.json", [canonical(snapshot.content)])
        files, left_out, size = attached_to(snapshot, media), list[Attached](), 0
        for file in files:
            size += file.path.stat().st_size if file.path else 0
            if file.path is None or size > MOST_BYTES:
                left_out.append(file)
            else:
                pack.put(file.name, _chunks(file.path), is_packed=True)
        pack.put(README, [_readme(snapshot, files, left_out).encode()])
        sums = "".join(f"{digest}  {name}\n" for digest, name in pack.sums)
        pack.put(SUMS, [sums.encode()])
    out.seek(0)
    return out


def attached_to(snapshot: Snapshot, media: Path) -> list[Attached]:
    """The uploaded files among the evidence, each with a number of its own in the order of the capabilities."""
    found: list[Attached] = []
    for each in snapshot.content["capabilities"]:
        for item in each["evidence"]:
            if item["kind"] == EvidenceKind.FILE:
                name = f"evidence/{len(found) + 1:03d}-{safe_name(item['link'])}"
                found.append(Attached(name, item["title"], each["slug"], find_guarded(media, item["link"])))
    return found


def safe_name(link: str) -> str:
    """What the file was called, without anything that some system takes for more than a name."""
    plain = unicodedata.normalize("NFC", unquote(PurePosixPath(link).name))
    seen = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    name = _UNSAFE.sub("-", seen).strip("-. ")
    stem, dot, ending = name.rpartition(".")
    short = f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}" if dot else name[:LONGEST_NAME]
    return short or "file"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _readme(snapshot: Snapshot, files: list[Attached], left_out: list[Attached]) -> str:
    lines = [
        f"{snapshot.team.name}: {snapshot.title}",
        "",
        _("snapshot.pdf: what was agreed, to be read."),
        _("snapshot.xlsx: the answers, the evidence and what was said about them, as tables."),
        _(
            "snapshot.json: the same as the site keeps it. Its SHA-256 is the digest of the snapshot: %(digest)s",
            digest=snapshot.digest,
        ),
        _("SHA256SUMS: the sum of every other file. “sha256sum -c SHA256SUMS” compares them."),
        "",
        _("Files that are evidence:"),
        *(f"{file.name}  {_line(file.title)}  ({file.capability})" for file in files if file not in left_out),
    ]
    if left_out:
        lines += ["", _("Not in this pack, because the file is no longer kept or the pack would be too large:")]
        lines += [f"{file.name}  {_line(file.title)}  ({file.capability})" for file in left_out]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
