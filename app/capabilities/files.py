"""Reading frameworks and the crosswalk from YAML, with errors that name the file and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.kernel.frontmatter import RefusedFileError
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES, Localized

STRENGTHS = ("same", "part", "supports")
EMPTY = Localized({})


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
    line: int


@dataclass(frozen=True)
class CrosswalkFile:
    from_framework: str
    to_framework: str
    links: tuple[LinkFile, ...]


def read_framework(path: Path) -> FrameworkFile:
    """The framework in the file at `path`. Raises RefusedFileError."""
    data = _load(path)
    areas = tuple(_area(item, f"areas[{number}]") for number, item in enumerate(_list(data, "areas", "the file")))
    for kind, slugs in (
        ("area", [area.slug for area in areas]),
        ("capability", [capability.slug for area in areas for capability in area.capabilities]),
    ):
        doubles = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if doubles:
            raise RefusedFileError(f"{kind} given twice: {', '.join(doubles)}", data.line)
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
    """The crosswalk in the file at `path`. Raises RefusedFileError."""
    data = _load(path)
    links = []
    for number, item in enumerate(_list(data, "links", "the file")):
        place = f"links[{number}]"
        link = _mapping(item, place, data)
        if link.get("strength") not in STRENGTHS:
            raise RefusedFileError(f"{place}: strength must be one of {', '.join(STRENGTHS)}", link.line)
        note = _localized(link, "note", place, required=False)
        links.append(LinkFile(str(link.get("from")), str(link.get("to")), str(link["strength"]), note, link.line))
    return CrosswalkFile(str(data.get("from")), str(data.get("to")), tuple(links))


class _Mapping(dict[Any, Any]):
    """A mapping of the file that knows its line, from 1."""

    line = 1


class _Loader(yaml.SafeLoader):
    def construct_placed(self, node: yaml.MappingNode) -> _Mapping:
        mapping = _Mapping(self.construct_mapping(node, deep=True))
        mapping.line = node.start_mark.line + 1
        return mapping


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_placed)


def _load(path: Path) -> _Mapping:
    try:
        data = yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)  # noqa: S506  # a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RefusedFileError(f"no YAML: {error.problem}", line) from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise RefusedFileError(str(error)) from None
    return _mapping(data, "the file")


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
    levels = _mapping(data.get("levels") or _Mapping(), f"{place}.levels", data)
    if levels and set(levels) != {1, 2, 3, 4, 5}:
        raise RefusedFileError(f"{place}.levels: must be 1 to 5, or left out", levels.line)
    return CapabilityFile(
        slug=_slug(data, place),
        name=_localized(data, "name", place),
        summary=_localized(data, "summary", place),
        levels={number: _localized(levels, number, f"{place}.levels") for number in levels},
    )


def _slug(data: _Mapping, place: str) -> str:
    slug = str(data.get("slug") or "")
    if not is_slug(slug):
        raise RefusedFileError(f"{place}: slug {slug!r} must be lower-case letters, digits and hyphens", data.line)
    return slug


def _localized(data: _Mapping, name: Any, place: str, *, required: bool = True) -> Localized:
    value = data.get(name)
    if value is None and not required:
        return EMPTY
    texts = _mapping(value, f"{place}.{name}", data)
    cleaned = {language: " ".join(str(text or "").split()) for language, text in texts.items()}
    if set(cleaned) - set(LANGUAGES) or not cleaned or not all(cleaned.values()):
        raise RefusedFileError(f"{place}.{name}: needs a text in {' or '.join(LANGUAGES)}", texts.line)
    return Localized(cleaned)


def _list(data: _Mapping, name: str, place: str) -> list[Any]:
    value = data.get(name)
    if not isinstance(value, list):
        raise RefusedFileError(f"{place}: {name} must be a list", data.line)
    return value


def _mapping(value: Any, place: str, parent: _Mapping | None = None) -> _Mapping:
    if not isinstance(value, _Mapping):
        raise RefusedFileError(f"{place}: must be a mapping", parent.line if parent is not None else None)
    return value
