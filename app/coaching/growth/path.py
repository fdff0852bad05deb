"""The path of coaches as a file says it: stages, and what has to be reached before each. Every complaint names its line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.kernel.frontmatter import RefusedFileError
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES, Localized
from app.training.feedback.rules import MIN_PUBLIC
from app.training.rules import Kind

# The two stages that something hangs on: the role, and who decides.
COACH, LEAD = "coach", "lead-coach"
# The numbers of each condition, with the least and the most that each may be. Averages of fewer people are shown to nobody.
NUMBERS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "attended_sessions": {"count": (1, 100)},
    "co_led": {"count": (1, 500)},
    "observed": {"count": (1, 50), "ready": (0, 50)},
    "feedback": {"mark": (1, 5), "answers": (MIN_PUBLIC, 10_000)},
    "engagements_ended": {"count": (1, 100)},
    "office_hours_held": {"count": (1, 1000)},
    "observations_given": {"count": (1, 100)},
    "months": {"count": (1, 240)},
}
OF_KIND = "attended_sessions"
FIELDS = {"slug", "name", "summary", "conditions"}


@dataclass(frozen=True)
class Condition:
    """Something that has to be reached: `what` is one of NUMBERS, `kind` a kind of session where it counts those."""

    what: str
    numbers: Mapping[str, float]
    kind: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Condition:
        """As it is kept in a stage."""
        return cls(row["what"], dict(row["numbers"]), row.get("kind", ""))

    @property
    def row(self) -> dict[str, Any]:
        return {"what": self.what, "numbers": dict(self.numbers), "kind": self.kind}


@dataclass(frozen=True)
class Stage:
    slug: str
    name: Localized
    summary: Localized
    conditions: tuple[Condition, ...]


def read_path(file: Path) -> list[Stage]:
    """The stages in their order. Raises RefusedFileError."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8-sig"), yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise RefusedFileError(f"not YAML: {error.problem}", mark.line + 1 if mark else None) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise RefusedFileError(f"not YAML: {error}") from None
    if root is None:
        raise RefusedFileError("the file is empty", 1)
    top = _mapping(root, "the file", {"stages"})
    stages = [_stage(node) for node in _list(top["stages"], "stages")]
    _check_order(stages, root)
    return stages


def _check_order(stages: list[Stage], root: yaml.Node) -> None:
    slugs = [stage.slug for stage in stages]
    doubles = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if doubles:
        raise _refuse(root, f"stage given twice: {', '.join(doubles)}")
    if COACH not in slugs[1:] or LEAD not in slugs[slugs.index(COACH) :]:
        raise _refuse(root, f"the stages `{COACH}` and `{LEAD}` are needed, in this order, after a first one")
    if stages[0].conditions:
        raise _refuse(root, "the first stage has no conditions: anybody may begin")


def _stage(node: yaml.Node) -> Stage:
    given = _mapping(node, "a stage", FIELDS)
    slug = str(given["slug"].value)
    if not is_slug(slug) or len(slug) > 40:
        raise _refuse(given["slug"], "slug: use small letters, digits and hyphens, 40 at most")
    return Stage(
        slug,
        _localized(given["name"], "name"),
        _localized(given["summary"], "summary"),
        tuple(_condition(each) for each in _list(given["conditions"], "conditions")),
    )


def _condition(node: yaml.Node) -> Condition:
    if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
        raise _refuse(node, "a condition looks like `co_led: {count: 2}`")
    (key, value) = node.value[0]
    what = str(key.value)
    if what not in NUMBERS:
        raise _refuse(node, f"unknown condition `{what}`; there are {', '.join(NUMBERS)}")
    names = set(NUMBERS[what]) | ({"kind"} if what == OF_KIND else set())
    given = _mapping(value, what, names)
    kind = str(given["kind"].value) if "kind" in names else ""
    if kind and kind not in set(Kind):
        raise _refuse(given["kind"], f"kind: there are {', '.join(Kind)}")
    numbers = {name: _number(given[name], name, *NUMBERS[what][name]) for name in NUMBERS[what]}
    return Condition(what, numbers, kind)


def _number(node: yaml.Node, name: str, least: float, most: float) -> float:
    try:
        number = float(node.value)
    except (TypeError, ValueError):
        number = math.nan
    is_whole = name == "mark" or number.is_integer()
    if not is_whole or not least <= number <= most:
        sort = "a number" if name == "mark" else "a whole number"
        raise _refuse(node, f"{name}: {sort} from {least:g} to {most:g}")
    return number


def _localized(node: yaml.Node, name: str) -> Localized:
    sides = _mapping(node, name, set(LANGUAGES))
    texts = {code: " ".join(str(side.value).split()) for code, side in sides.items()}
    if not all(texts.values()):
        raise _refuse(node, f"{name}: needs a text in each of {', '.join(LANGUAGES)}")
    return Localized(texts)


def _mapping(node: yaml.Node, name: str, keys: set[str]) -> dict[str, yaml.Node]:
    """The values by their keys, which have to be exactly these."""
    if not isinstance(node, yaml.MappingNode):
        raise _refuse(node, f"{name}: has to have {', '.join(sorted(keys))}")
    found = {str(key.value): value for key, value in node.value}
    if set(found) != keys or len(node.value) != len(keys):
        wrong = sorted(set(found) ^ keys) or ["something twice"]
        raise _refuse(node, f"{name}: has to have {', '.join(sorted(keys))}, each once; look at {', '.join(wrong)}")
    return found


def _list(node: yaml.Node, name: str) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise _refuse(node, f"{name}: has to be a list")
    return list(node.value)


def _refuse(node: yaml.Node, reason: str) -> RefusedFileError:
    return RefusedFileError(reason, int(node.start_mark.line) + 1)
