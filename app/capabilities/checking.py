"""What a framework has to be like: plain values, of a file or a form, become a document, or every reason why they do not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from app.capabilities.documents import capabilities_of
from app.capabilities.needing import find_circle
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES

Path = tuple[str | int, ...]
LEVELS = ("1", "2", "3", "4", "5")
MAX_LABEL, MAX_NAME, MAX_TEXT = 40, 200, 4000
# What may be meant is looked for so many times: among thousands of slugs, for thousands of them, it would take minutes.
MOST_GUESSED = 50
# Words that addresses need for something else.
RESERVED_FRAMEWORKS = frozenset({"new", "crosswalk"})
RESERVED_CAPABILITIES = frozenset({"versions", "edit"})
OF_FRAMEWORK = ("slug", "version", "official", "name", "summary", "notice", "source", "areas")
OF_AREA = ("slug", "was", "name", "summary", "weight", "capabilities")
OF_CAPABILITY = ("slug", "was", "name", "summary", "weight", "needs", "levels")


@dataclass(frozen=True)
class Problem:
    """One reason why it cannot be taken, and the place in the document that it is about."""

    path: Path
    text: str

    @property
    def place(self) -> str:
        """As `areas[0].capabilities[1].name`; empty for the whole."""
        words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return words.removeprefix(".")

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


@dataclass
class Checked:
    """The document, as far as it could be read, and what is wrong with it in the order of its places."""

    document: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check(data: Any) -> Checked:
    """Read `data` as a framework. Where it has no problems, the document has every field in one shape."""
    reading = _Reading()
    document = reading.framework(data)
    if not reading.problems:
        reading.problems.extend(_problems_between(document))
    return Checked(document, reading.problems)


def is_whole(document: Mapping[str, Any]) -> bool:
    """Is there anything in it that a team can be assessed by? A draft may be empty, a version may not."""
    return bool(capabilities_of(document))


class _Reading:
    """Goes through the values and notes what is wrong on the way, instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def blame(self, path: Path, text: str) -> None:
        self.problems.append(Problem(path, text))

    def framework(self, data: Any) -> dict[str, Any]:
        given = self.mapping(data, (), OF_FRAMEWORK)
        return {
            "slug": self.slug(given, (), RESERVED_FRAMEWORKS),
            "version": self.line(given, (), "version", MAX_LABEL) or "1",
            "official": self.truth(given.get("official"), ("official",)),
            "name": self.words(given, (), "name", MAX_NAME),
            "summary": self.words(given, (), "summary"),
            "notice": self.words(given, (), "notice", is_needed=False),
            "source": self.words(given, (), "source", is_needed=False),
            "areas": [self.area(each, ("areas", number)) for number, each in enumerate(self.items(given, (), "areas"))],
        }

    def area(self, data: Any, path: Path) -> dict[str, Any]:
        given = self.mapping(data, path, OF_AREA)
        capabilities = enumerate(self.items(given, path, "capabilities"))
        return {
            "slug": self.slug(given, path),
            "was": self.slugs(given, path, "was"),
            "name": self.words(given, path, "name", MAX_NAME),
            "summary": self.words(given, path, "summary"),
            "weight": self.weight(given, path),
            "capabilities": [self.capability(each, (*path, "capabilities", number)) for number, each in capabilities],
        }

    def capability(self, data: Any, path: Path) -> dict[str, Any]:
        given = self.mapping(data, path, OF_CAPABILITY)
        return {
            "slug": self.slug(given, path, RESERVED_CAPABILITIES),
            "was": self.slugs(given, path, "was"),
            "name": self.words(given, path, "name", MAX_NAME),
            "summary": self.words(given, path, "summary"),
            "weight": self.weight(given, path),
            "needs": self.slugs(given, path, "needs"),
            "levels": self.levels(given.get("levels"), (*path, "levels")),
        }

    def levels(self, value: Any, path: Path) -> dict[str, dict[str, str]]:
        if value is None or value == {}:
            return {}
        given = self.mapping(value, path, LEVELS)
        missing = [number for number in LEVELS if number not in given]
        if given and missing:
            self.blame(path, _("must be 1 to 5, or left out; there is no %(missing)s", missing=", ".join(missing)))
        return {number: self.words(given, path, number) for number in LEVELS if number in given}

    def mapping(self, value: Any, path: Path, known: Sequence[str]) -> Mapping[str, Any]:
        """`value`, if it has fields; those that nobody knows are blamed, with what may be meant."""
        if not isinstance(value, Mapping):
            if path or value is not None:
                self.blame(path, _("must have fields of its own"))
            else:
                self.blame(path, _("there is nothing in it"))
            return {}
        for name in value:
            if name not in known:
                near = get_close_matches(str(name)[:100], known, 1) if len(self.problems) < MOST_GUESSED else []
                text = (
                    _("there is no such field")
                    if not near
                    else _("there is no such field; is %(name)s meant?", name=near[0])
                )
                self.blame((*path, name), text)
        return value

    def items(self, given: Mapping[str, Any], path: Path, name: str) -> list[Any]:
        value = given.get(name)
        if isinstance(value, list):
            return value
        if given:
            self.blame((*path, name), _("must be a list"))
        return []

    def slug(self, given: Mapping[str, Any], path: Path, reserved: Iterable[str] = ()) -> str:
        slug = str(given.get("slug") or "")
        if given and not is_slug(slug):
            self.blame((*path, "slug"), _("“%(slug)s” must be lower-case letters, digits and hyphens", slug=slug[:100]))
        elif slug in reserved:
            self.blame((*path, "slug"), _("“%(slug)s” is the address of something else", slug=slug))
        return slug

    def slugs(self, given: Mapping[str, Any], path: Path, name: str) -> list[str]:
        """A list of slugs; a single one may stand without a list."""
        value = given.get(name) or []
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(each, str) and is_slug(each) for each in found):
            self.blame((*path, name), _("must be a list of slugs"))
            return []
        return list(dict.fromkeys(found))

    def words(
        self, given: Mapping[str, Any], path: Path, name: str, most: int = MAX_TEXT, *, is_needed: bool = True
    ) -> dict[str, str]:
        """A text in one language or in both."""
        path = (*path, name)
        value = given.get(name)
        if value is None and not is_needed:
            return {}
        if not isinstance(value, Mapping):
            if given:
                self.blame(path, _("needs a text in en or zh"))
            return {}
        texts = {str(code): tidy(text) for code, text in value.items() if not isinstance(text, Mapping | list)}
        if (
            set(texts) - set(LANGUAGES)
            or len(texts) < len(value)
            or not all(texts.values())
            or not (texts or not is_needed)
        ):
            self.blame(path, _("needs a text in en or zh"))
        for code, text in texts.items():
            if len(text) > most:
                self.blame((*path, code), _("has more than %(most)s characters", most=most))
        return {code: texts[code] for code in LANGUAGES if code in texts}

    def line(self, given: Mapping[str, Any], path: Path, name: str, most: int) -> str:
        value = given.get(name)
        if isinstance(value, Mapping | list):
            self.blame((*path, name), _("must be a single word or line"))
            return ""
        text = tidy(value)
        if len(text) > most:
            self.blame((*path, name), _("has more than %(most)s characters", most=most))
        return text

    def weight(self, given: Mapping[str, Any], path: Path) -> float:
        value = given.get("weight")
        try:
            weight = 1.0 if value is None else float(value)
        except (TypeError, ValueError, OverflowError):
            weight = math.nan
        if not 0 <= weight <= 100:
            self.blame((*path, "weight"), _("must be a number from 0 to 100"))
            return 1.0
        return weight

    def truth(self, value: Any, path: Path) -> bool:
        said = str(value).lower() if value is not None else "false"
        if said not in {"true", "false", "yes", "no"}:
            self.blame(path, _("must be true or false"))
        return said in {"true", "yes"}


def tidy(value: Any) -> str:
    """A text as one line, without the characters that no database takes."""
    text = "" if value is None else str(value)
    return " ".join(text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").split())


def _problems_between(document: Mapping[str, Any]) -> Iterable[Problem]:
    """What is wrong although each part is right by itself: slugs given twice, and references to what is not there."""
    areas = [(("areas", number), area) for number, area in enumerate(document["areas"])]
    capabilities = [
        ((*path, "capabilities", number), each)
        for path, area in areas
        for number, each in enumerate(area["capabilities"])
    ]
    yield from _doubles(areas, lambda slug: _("area %(slug)s is given twice", slug=slug))
    yield from _doubles(capabilities, lambda slug: _("capability %(slug)s is given twice", slug=slug))
    yield from _wrong_former_slugs(areas)
    yield from _wrong_former_slugs(capabilities)
    known = {each["slug"] for _path, each in capabilities}
    unknown = [(path, slug) for path, each in capabilities for slug in each["needs"] if slug not in known]
    for number, (path, slug) in enumerate(unknown):
        near = get_close_matches(slug, known, 1) if number < MOST_GUESSED else []
        text = _("there is no capability %(slug)s here", slug=slug)
        yield Problem((*path, "needs"), text + (_("; is %(name)s meant?", name=near[0]) if near else ""))
    circle = find_circle({each["slug"]: each["needs"] for _path, each in capabilities})
    if circle:
        place = next(path for path, each in capabilities if each["slug"] == circle[0])
        yield Problem((*place, "needs"), _("needs itself in the end: %(circle)s", circle=" → ".join(circle)))


Placed = Sequence[tuple[Path, Mapping[str, Any]]]


def _doubles(items: Placed, say: Callable[[str], str]) -> Iterable[Problem]:
    seen: set[str] = set()
    for path, item in items:
        if item["slug"] in seen:
            yield Problem((*path, "slug"), say(item["slug"]))
        seen.add(item["slug"])


def _wrong_former_slugs(items: Placed) -> Iterable[Problem]:
    """A former slug that something still has, or that two say they had, would leave open which of them the old one is."""
    today = {item["slug"] for _path, item in items}
    claims = Counter(slug for _path, item in items for slug in item["was"])
    for path, item in items:
        for slug in item["was"]:
            if slug in today:
                yield Problem((*path, "was"), _("%(slug)s is still the slug of something here", slug=slug))
            elif claims[slug] > 1:
                yield Problem((*path, "was"), _("%(slug)s is said by more than one to be its former slug", slug=slug))
