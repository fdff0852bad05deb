"""Reading a Markdown file with YAML front matter, as people really write them.

Byte-order marks, Windows line ends, missing or broken front matter: each is read or refused with file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_FILE_BYTES = 2_000_000

_FENCED = re.compile(r"\s*^---[ \t]*\n(?P<front>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z_][\w-]*)\s*:")


class RefusedFileError(Exception):
    """The file cannot be taken. `line` counts from 1, where it is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class UnreadableFileError(RefusedFileError):
    """The file cannot be read as front matter and text."""


@dataclass(frozen=True)
class Document:
    """A file's front matter and the text below it. `body_line` is the line on which the text begins, from 1."""

    fields: dict[str, Any]
    body: str
    body_line: int
    lines: dict[str, int]

    def line_of(self, name: str) -> int:
        """The line that sets the field `name`; 1 where it is missing."""
        return self.lines.get(name, 1)


def read(path: Path) -> Document:
    """The document at `path`. Raises UnreadableFileError for what is no text, too large, or has broken front matter."""
    return parse(_text_of(path))


def read_fields(path: Path) -> dict[str, Any]:
    """The fields of a file that is nothing but YAML, such as front matter is. Raises UnreadableFileError."""
    return _load(_text_of(path), 1)


def _text_of(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFileError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"not UTF-8 (byte {error.start})") from None


def parse(text: str) -> Document:
    """`text` as a document. Raises UnreadableFileError where the front matter is no YAML mapping."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    match = _FENCED.match(text)
    if match is None:
        return Document({}, text.strip("\n") + "\n", 1 + _leading_newlines(text), {})
    front_line = 1 + text.count("\n", 0, match.start("front"))
    body = text[match.end() :]
    return Document(
        fields=_load(match["front"], front_line),
        body=body.strip("\n") + "\n",
        body_line=1 + text.count("\n", 0, match.end()) + _leading_newlines(body),
        lines={
            field[1]: front_line + number
            for number, line in enumerate(match["front"].split("\n"))
            if (field := _FIELD.match(line))
        },
    )


def _leading_newlines(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))


class _Loader(yaml.SafeLoader):
    """No aliases: a few lines of them can stand for gigabytes, or for a list that holds itself."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not taken", problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


def _load(front: str, first_line: int) -> dict[str, Any]:
    try:
        fields = yaml.load(front, _Loader)  # noqa: S506  # a safe loader
    except yaml.MarkedYAMLError as error:
        line = first_line + error.problem_mark.line if error.problem_mark else None
        raise UnreadableFileError(f"front matter is no YAML: {error.problem}", line) from None
    except (
        yaml.YAMLError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        TypeError,
        RecursionError,
    ) as error:
        # Beside its own errors PyYAML raises whatever Python says to a value such as `!!int x` or 2026-02-31.
        raise UnreadableFileError(f"front matter is no YAML: {error}", first_line) from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise UnreadableFileError("front matter is no list of fields", first_line)
    return {_storable(str(name)): _storable(value) for name, value in fields.items()}


def _storable(value: Any) -> Any:
    """`value` without the characters that YAML can write and no database takes: NUL and halves of a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value
