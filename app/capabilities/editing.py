"""One step of editing, from one document to the next: put, move, remove. Pure; whether the outcome can stand is for `checking`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any

from flask_babel import lazy_gettext as _l

from app.capabilities.documents import Document, placed_capabilities
from app.kernel.errors import NotFoundError
from app.kernel.slugs import is_slug

GONE = _l("That is not in the draft any more. Somebody may have renamed or removed it.")
Step = Callable[[Document], dict[str, Any]]
Item = Mapping[str, Any]


def blank(slug: str) -> dict[str, Any]:
    """A framework with nothing in it yet."""
    texts: dict[str, Any] = {name: {} for name in ("name", "summary", "notice", "source")}
    return {"slug": slug, "version": "1", "official": False, **texts, "areas": []}


def put_framework(document: Document, given: Item) -> dict[str, Any]:
    """The framework's own fields. Its slug stays."""
    return {**document, **given, "slug": document["slug"], "areas": document["areas"]}


def put_area(document: Document, slug: str | None, given: Item, published: Collection[str]) -> dict[str, Any]:
    """Change the area `slug`, or add one at the end. `published` are the slugs of areas that the live version has."""
    changed = _copy(document)
    if slug is None:
        changed["areas"].append({**given, "was": [], "capabilities": []})
        return changed
    areas = changed["areas"]
    number = _index(areas, slug)
    areas[number] = {**areas[number], **given, "was": _former(areas[number], given["slug"], published)}
    return changed


def put_capability(
    document: Document, slug: str | None, area: str, given: Item, published: Collection[str]
) -> dict[str, Any]:
    """Change the capability `slug`, or add one, in `area`. What needs it goes on needing it under a new slug."""
    changed = _copy(document)
    target = changed["areas"][_index(changed["areas"], area)]["capabilities"]
    if slug is None:
        target.append({**given, "was": []})
        return changed
    home, number = _find_capability(changed, slug)
    before = home[number]
    item = {**before, **given, "was": _former(before, given["slug"], published)}
    if home is target:
        home[number] = item
    else:
        del home[number]
        target.append(item)
    if given["slug"] != slug and is_slug(given["slug"]):
        _rename_needs(changed, slug, given["slug"])
    return changed


def _former(before: Item, slug: str, published: Collection[str]) -> list[str]:
    """The former slugs after a change: the one that readers know is added, and what it is called again is none."""
    known = [*before["was"], *([before["slug"]] if before["slug"] in published else [])]
    return [each for each in dict.fromkeys(known) if each != slug]


def move_area(document: Document, slug: str, by: int) -> dict[str, Any]:
    """`by` is -1 for up and 1 for down; at the end it stays where it is."""
    changed = _copy(document)
    _move(changed["areas"], _index(changed["areas"], slug), by)
    return changed


def move_capability(document: Document, slug: str, by: int) -> dict[str, Any]:
    changed = _copy(document)
    _move(*_find_capability(changed, slug), by)
    return changed


def remove_area(document: Document, slug: str) -> dict[str, Any]:
    """Without the area and everything in it."""
    changed = _copy(document)
    area = changed["areas"].pop(_index(changed["areas"], slug))
    for each in area["capabilities"]:
        _rename_needs(changed, each["slug"], None)
    return changed


def remove_capability(document: Document, slug: str) -> dict[str, Any]:
    changed = _copy(document)
    home, number = _find_capability(changed, slug)
    del home[number]
    _rename_needs(changed, slug, None)
    return changed


def find_area(document: Document, slug: str) -> dict[str, Any]:
    """Raises NotFoundError."""
    area: dict[str, Any] = document["areas"][_index(document["areas"], slug)]
    return area


def find_capability(document: Document, slug: str) -> tuple[str, dict[str, Any]]:
    """(slug of its area, capability). Raises NotFoundError."""
    found = next(((area, each) for area, each in placed_capabilities(document) if each["slug"] == slug), None)
    if found is None:
        raise NotFoundError(GONE)
    return found


def _copy(document: Document) -> dict[str, Any]:
    return deepcopy(dict(document))


def _index(items: Iterable[Item], slug: str) -> int:
    found = next((number for number, item in enumerate(items) if item["slug"] == slug), None)
    if found is None:
        raise NotFoundError(GONE)
    return found


def _find_capability(document: Document, slug: str) -> tuple[list[dict[str, Any]], int]:
    for area in document["areas"]:
        for number, each in enumerate(area["capabilities"]):
            if each["slug"] == slug:
                return area["capabilities"], number
    raise NotFoundError(GONE)


def _move(items: list[dict[str, Any]], number: int, by: int) -> None:
    place = min(max(number + by, 0), len(items) - 1)
    items.insert(place, items.pop(number))


def _rename_needs(document: Document, slug: str, name: str | None) -> None:
    for _area, each in placed_capabilities(document):
        each["needs"] = [name if need == slug else need for need in each["needs"] if need != slug or name]
