"""Reading frameworks and the crosswalk from YAML, with errors that name the file and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES, Localized

STRENGTHS = ("same", "part", "supports")
EMPTY = Localized({})


class FrameworkFileError(Exception):
    """The file says something that cannot be used. The sentence names the place in it."""


@dataclass(frozen=True)
class CapabilityFile:
    slug: str
    name: Localized
    summary: Localized
    levels: Mapping[int, Localized]


@dataclass(frozen=True)
class AreaFile:
    slug: str
    name: Localized
    summary: Localized
    capabilities: tuple[CapabilityFile, ...]


@dataclass(frozen=True)
class FrameworkFile:
    slug: str
    version: str
    is_official: bool
    name: Localized
    summary: Localized
    notice: Localized
    source: Localized
    areas: tuple[AreaFile, ...]


@dataclass(frozen=True)
class LinkFile:
    from_slug: str
    to_slug: str
    strength: str
    note: Localized


@dataclass(frozen=True)
class CrosswalkFile:
    from_framework: str
    to_framework: str
    links: tuple[LinkFile, ...]


def read_framework(path: Path) -> FrameworkFile:
    """The framework in the file at `path`. Raises FrameworkFileError."""
    data = _mapping(_load(path), path.name)
    areas = tuple(_area(item, f"areas[{number}]") for number, item in enumerate(_list(data, "areas", "the file")))
    slugs = [capability.slug for area in areas for capability in area.capabilities]
    doubles = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if doubles:
        raise FrameworkFileError(f"capabilities given twice: {', '.join(doubles)}")
    return FrameworkFile(
        slug=_slug(data, "the file"),
        version=str(data.get("version", "1")),
        is_official=bool(data.get("official", False)),
        name=_localized(data, "name", "the file"),
        summary=_localized(data, "summary", "the file"),
        notice=_localized(data, "notice", "the file", required=False),
        source=_localized(data, "source", "the file", required=False),
        areas=areas,
    )


def read_crosswalk(path: Path) -> CrosswalkFile:
    """The crosswalk in the file at `path`. Raises FrameworkFileError."""
    data = _mapping(_load(path), path.name)
    links = []
    for number, item in enumerate(_list(data, "links", "the file")):
        place = f"links[{number}]"
        link = _mapping(item, place)
        if link.get("strength") not in STRENGTHS:
            raise FrameworkFileError(f"{place}: strength must be one of {', '.join(STRENGTHS)}")
        note = _localized(link, "note", place, required=False)
        links.append(LinkFile(str(link.get("from")), str(link.get("to")), str(link["strength"]), note))
    return CrosswalkFile(str(data.get("from")), str(data.get("to")), tuple(links))


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FrameworkFileError(f"line {line}: {error.problem}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FrameworkFileError(str(error)) from None


def _area(item: Any, place: str) -> AreaFile:
    data = _mapping(item, place)
    capabilities = enumerate(_list(data, "capabilities", place))
    return AreaFile(
        slug=_slug(data, place),
        name=_localized(data, "name", place),
        summary=_localized(data, "summary", place),
        capabilities=tuple(_capability(each, f"{place}.capabilities[{number}]") for number, each in capabilities),
    )


def _capability(item: Any, place: str) -> CapabilityFile:
    data = _mapping(item, place)
    levels = _mapping(data.get("levels") or {}, f"{place}.levels")
    if levels and sorted(levels) != [1, 2, 3, 4, 5]:
        raise FrameworkFileError(f"{place}.levels: must be 1 to 5, or left out")
    return CapabilityFile(
        slug=_slug(data, place),
        name=_localized(data, "name", place),
        summary=_localized(data, "summary", place),
        levels={number: _localized(levels, number, f"{place}.levels") for number in levels},
    )


def _slug(data: Mapping[Any, Any], place: str) -> str:
    slug = str(data.get("slug") or "")
    if not is_slug(slug):
        raise FrameworkFileError(f"{place}: slug {slug!r} must be lower-case letters, digits and hyphens")
    return slug


def _localized(data: Mapping[Any, Any], name: Any, place: str, *, required: bool = True) -> Localized:
    value = data.get(name)
    if value is None and not required:
        return EMPTY
    texts = _mapping(value, f"{place}.{name}")
    if set(texts) - set(LANGUAGES) or not texts:
        raise FrameworkFileError(f"{place}.{name}: needs texts in {' and '.join(LANGUAGES)}")
    return Localized({language: " ".join(str(text).split()) for language, text in texts.items()})


def _list(data: Mapping[Any, Any], name: str, place: str) -> list[Any]:
    value = data.get(name)
    if not isinstance(value, list):
        raise FrameworkFileError(f"{place}: {name} must be a list")
    return value


def _mapping(value: Any, place: str) -> Mapping[Any, Any]:
    if not isinstance(value, dict):
        raise FrameworkFileError(f"{place}: must be a mapping")
    return value
