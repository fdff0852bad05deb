"""What an attachment is, told by its bytes and not by its name; and whether it may be handed on.

Documents are handed on as they are, for a document written anew would be another one. So what could act in them is looked
for: macros and controls in Office files, scripts in those of OpenDocument. What is in a compressed file is judged by the
sizes that it declares; nothing is unpacked.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.media.press.answers import Answer, RefusedError, run

MAX_ENTRIES = 5000
MAX_UNPACKED = 300_000_000
# So many times smaller than its content a single part may be. XML of a large sheet reaches fifty.
MAX_RATIO = 200
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
}
_ACTS = re.compile(
    r"vbaproject|vbadata|(?:^|/)activex|(?:^|/)macrosheets/|^basic/|^scripts/|\.(?:exe|dll|js|vbs|bat|cmd|ps1)$"
)
_MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def look(data: bytes, name: str) -> Answer:
    """The suffix under which `data` is kept. Raises RefusedError."""
    if data.startswith(b"%PDF-"):
        return Answer({"suffix": ".pdf"})
    if data.startswith(b"PK\x03\x04"):
        return Answer({"suffix": _packed(data)})
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise RefusedError("old-office")
    if data.startswith((b"PK", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise RefusedError("archive")
    if not _is_text(data):
        raise RefusedError("unknown")
    suffix = PurePath(name).suffix.lower()
    return Answer({"suffix": ".csv" if suffix == ".csv" else ".txt"})


def _packed(data: bytes) -> str:
    """The suffix of an Office or OpenDocument file. Raises RefusedError for any other archive."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(data))
            names = {entry.filename: entry for entry in entries}
            suffix = _office(archive, names) or _open_document(archive, names)
    except (BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError):
        raise RefusedError("broken") from None
    if suffix is None:
        raise RefusedError("archive")
    if any(_ACTS.search(name.lower()) for name in names):
        raise RefusedError("macros")
    return suffix


def _check_sizes(entries: list[ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or sum(entry.compress_size for entry in entries) > packed:
        raise RefusedError("bomb")
    if any(
        entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1) for entry in entries
    ):
        raise RefusedError("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("locked")


def _office(archive: ZipFile, names: dict[str, ZipInfo]) -> str | None:
    suffix = next((suffix for part, suffix in _OFFICE.items() if part in names), None)
    if suffix is None or "[Content_Types].xml" not in names:
        return None
    if _MACROS.search(_beginning(archive, "[Content_Types].xml", 2_000_000)):
        raise RefusedError("macros")
    return suffix


def _open_document(archive: ZipFile, names: dict[str, ZipInfo]) -> str | None:
    return _OPEN.get(_beginning(archive, "mimetype", 100).strip()) if "mimetype" in names else None


def _beginning(archive: ZipFile, name: str, most: int) -> bytes:
    """The first bytes of a part, however many it has."""
    with archive.open(name) as part:
        return part.read(most)


def _is_text(data: bytes) -> bool:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and not _CONTROL.search(text)
    return False


if __name__ == "__main__":
    run(lambda data: look(data, sys.argv[1]))
