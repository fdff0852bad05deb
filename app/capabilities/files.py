"""Frameworks and the crosswalk as YAML: reading them, with every error and its line, and writing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext as _

from app.capabilities.checking import Problem, check, is_whole
from app.capabilities.yaml_lines import Placed, read_placed
from app.kernel.frontmatter import RefusedFileError
from app.kernel.types import LANGUAGES, Localized

STRENGTHS = ("same", "part", "supports")
# Whoever pastes the wrong file is not helped by a thousand reasons.
MOST_PROBLEMS = 50


class RefusedFrameworkError(RefusedFileError):
    """Everything that is wrong with a file, each with its line. Read as a RefusedFileError it is the first of them."""

    def __init__(self, problems: Sequence[tuple[int | None, str]]) -> None:
        line, reason = problems[0]
        super().__init__(reason, line)
        self.problems = problems

    @property
    def notes(self) -> tuple[str, ...]:
        """The others, as a report shows them."""
        return tuple(f"line {line}: {reason}" if line else reason for line, reason in self.problems[1:])


@dataclass(frozen=True)
class LinkFile:
    from_slug: str
    to_slug: str
    strength: str
    note: Localized
    line: int


@dataclass(frozen=True)
class CrosswalkFile:
    from_framework: str
    to_framework: str
    links: tuple[LinkFile, ...]


def read_framework(path: Path) -> dict[str, Any]:
    """The framework in the file at `path`, as a document. Raises RefusedFrameworkError, with everything that is wrong."""
    return parse_framework(_text_of(path))


def parse_framework(text: str) -> dict[str, Any]:
    """The framework in `text`, as a document. Raises RefusedFrameworkError, with everything that is wrong."""
    placed = _placed(text)
    checked = check(placed.value)
    problems = [*(Problem(path, _("is given twice")) for path in placed.doubles), *checked.problems]
    if not problems and not is_whole(checked.document):
        problems = [Problem(("areas",), _("there is no capability in it"))]
    if problems:
        _refuse(placed, problems)
    return checked.document


def _refuse(placed: Placed, problems: Sequence[Problem]) -> None:
    found = sorted(((placed.line_of(each.path), str(each)) for each in problems), key=lambda each: each[0])
    more = len(found) - MOST_PROBLEMS
    raise RefusedFrameworkError(
        [*found[:MOST_PROBLEMS], *([(None, _("and %(count)s more", count=more))] if more > 0 else [])]
    )


def _placed(text: str) -> Placed:
    try:
        return read_placed(text)
    except RefusedFileError as error:
        raise RefusedFrameworkError([(error.line, error.reason)]) from None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise RefusedFrameworkError([(None, str(error))]) from None


def write_framework(document: Mapping[str, Any]) -> str:
    """`document` as a file that reads as the same document, without what goes without saying."""
    said = _said(document, ("slug", "version", "official", "name", "summary", "notice", "source"))
    said["areas"] = []
    for area in document["areas"]:
        item = _said(area, ("slug", "was", "name", "summary", "weight"))
        item["capabilities"] = [
            {
                **_said(each, ("slug", "was", "name", "summary", "weight", "needs")),
                **(
                    {"levels": {int(number): texts for number, texts in each["levels"].items()}}
                    if each["levels"]
                    else {}
                ),
            }
            for each in area["capabilities"]
        ]
        said["areas"].append(item)
    return yaml.dump(said, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # none, for none are taken
        return True


def _said(item: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Those fields, but for empty lists and texts and the weight that everything has."""
    unsaid: tuple[Any, ...] = ([], {}) if "weight" not in fields else ([], {}, 1.0)
    found = {name: item[name] for name in fields if item[name] not in unsaid}
    if isinstance(found.get("weight"), float) and found["weight"].is_integer():
        found["weight"] = int(found["weight"])
    return found


def read_crosswalk(path: Path) -> CrosswalkFile:
    """The crosswalk in the file at `path`. Raises RefusedFileError."""
    placed = _placed(_text_of(path))
    data = placed.value if isinstance(placed.value, Mapping) else {}
    links = data.get("links")
    if not isinstance(links, list):
        raise RefusedFileError("links must be a list", placed.line_of(("links",)))
    found = []
    for number, link in enumerate(links):
        line = placed.line_of(("links", number))
        if not isinstance(link, Mapping):
            raise RefusedFileError(f"links[{number}]: must have fields of its own", line)
        if link.get("strength") not in STRENGTHS:
            raise RefusedFileError(f"links[{number}]: strength must be one of {', '.join(STRENGTHS)}", line)
        note = _note(link.get("note"), f"links[{number}].note", placed.line_of(("links", number, "note")))
        found.append(LinkFile(str(link.get("from")), str(link.get("to")), str(link["strength"]), note, line))
    return CrosswalkFile(str(data.get("from")), str(data.get("to")), tuple(found))


def _note(value: Any, place: str, line: int) -> Localized:
    if value is None:
        return Localized({})
    if (
        not isinstance(value, Mapping)
        or not value
        or set(value) - set(LANGUAGES)
        or not all(map(_is_text, value.values()))
    ):
        raise RefusedFileError(f"{place}: needs a text in {' or '.join(LANGUAGES)}", line)
    return Localized({language: " ".join(text.split()) for language, text in value.items()})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
