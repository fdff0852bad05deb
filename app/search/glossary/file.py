"""`content/glossary.yaml`, read and checked. Every complaint names the line."""

from __future__ import annotations

from pathlib import Path

import yaml

from app.config import ROOT
from app.kernel.types import LANGUAGES
from app.search.analysis import fold
from app.search.glossary.entry import MAX_NAME, MAX_NAMES, OF_FILE, Entry

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without its C part does the same, ten times slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

FILE = ROOT / "content" / "glossary.yaml"


class GlossaryFileError(Exception):
    """The file cannot be used as it is. `problems` are sentences, each with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_file(path: Path) -> list[Entry]:
    """The entries of the file in its order. Raises GlossaryFileError."""
    return [entry for _line_number, entry in _read(path)]


def check_file(path: Path) -> list[str]:
    """What should be mended in the file: whatever keeps it from being used, and names that stand twice."""
    try:
        return _doubles(_read(path))
    except GlossaryFileError as error:
        return error.problems


def _read(path: Path) -> list[tuple[int, Entry]]:
    """The entries with their lines."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise GlossaryFileError([f"{path.name} cannot be read: {error}"]) from None
    except yaml.YAMLError as error:
        raise GlossaryFileError([_syntax(error)]) from None
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise GlossaryFileError(["line 1: The file has to be a list of entries, each beginning with `- {en: [`."])
    problems: list[str] = []
    entries = [(_line(node), entry) for node in root.value if (entry := _entry(node, problems)) is not None]
    if problems:
        raise GlossaryFileError(problems)
    return entries


def _syntax(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}: " if mark else ""
    return f"{place}This is not YAML: {getattr(error, 'problem', None) or error}."


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _entry(node: yaml.Node, problems: list[str]) -> Entry | None:
    """The entry, or None and one more problem."""
    line = f"line {_line(node)}: "
    if not isinstance(node, yaml.MappingNode):
        problems.append(f"{line}An entry looks like `{{en: [pipeline], zh: [流水线]}}`.")
        return None
    sides = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if set(sides) != set(LANGUAGES) or len(sides) != len(node.value):
        problems.append(f"{line}An entry has `en` and `zh`, each once, and nothing else.")
        return None
    found: dict[str, tuple[str, ...]] = {}
    for language, side in sides.items():
        names = _names(side)
        if not names:
            problems.append(
                f"{line}`{language}` needs a list of 1 to {MAX_NAMES} names, each of 2 to {MAX_NAME} characters."
            )
            return None
        found[language] = names
    return Entry(OF_FILE + found["en"][0], found["en"], found["zh"])


def _names(side: yaml.Node) -> tuple[str, ...]:
    """The names in a list; empty where anything is wrong with it."""
    if not isinstance(side, yaml.SequenceNode) or not 1 <= len(side.value) <= MAX_NAMES:
        return ()
    names = tuple(" ".join(item.value.split()) if isinstance(item, yaml.ScalarNode) else "" for item in side.value)
    return names if all(2 <= len(name) <= MAX_NAME for name in names) else ()


def _doubles(entries: list[tuple[int, Entry]]) -> list[str]:
    """Names that stand twice. They are used all the same: what the two entries say is put together."""
    seen: dict[str, tuple[int, str]] = {}
    problems = []
    for line, entry in entries:
        for name in entry.names:
            first = seen.setdefault(fold(name), (line, name))
            if first != (line, name) or entry.names.count(name) > 1:
                problems.append(f"line {line}: “{name}” stands in line {first[0]} already.")
    return list(dict.fromkeys(problems))
