"""The facets of an answer, with names that a person reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping

from flask_babel import gettext as _

from app.search import queries
from app.search.pages.address import FACETS
from app.search.queries import Answer
from app.search.sources import all_sources
from app.web.facets import SHOWN, Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES

# So many values of a facet are named, the most frequent ones; to name them costs.
MAX_CHOICES = 60


def facets_of(answer: Answer) -> list[Facet]:
    """Every facet with what a person reads; of a long one the most frequent values come first."""
    return [_facet(name, str(label), answer.facets.get(name, Counter())) for name, label in FACETS.items()]


def _facet(name: str, label: str, counts: Counter[str]) -> Facet:
    values = {value for value, _count in counts.most_common(MAX_CHOICES)} | set(chosen_values(name))
    names = list(_names(name, values, counts).items())
    if name != "kind" and len(names) > SHOWN:
        names.sort(key=lambda value: -counts[value[0]])
    return build_facet(name, label, counts, names)


def _names(name: str, values: Collection[str], counts: Mapping[str, int]) -> dict[str, str]:
    """Names of these values, in the order in which they are shown. Tags and years are called what they are; of the others
    what has no name is not shown unless it is chosen: a coach who is none any more, until the index knows.
    """
    known = _KNOWN[name](values) if name in _KNOWN else {}
    shown = chosen_values(name) if name in _KNOWN else values
    rest = sorted(set(shown) - set(known))
    rest = rest[::-1] if name == "year" else sorted(rest, key=lambda value: -counts[value])
    return known | {value: value for value in rest}


def _kinds(values: Collection[str]) -> dict[str, str]:
    return {source.kind: str(source.label) for source in all_sources().values() if source.kind in values}


def _levels(values: Collection[str]) -> dict[str, str]:
    return {level: _("Level %(level)s", level=level) for level in "12345" if level in values}


def _languages(values: Collection[str]) -> dict[str, str]:
    return {code: name for code, name in LANGUAGE_NAMES.items() if code in values}


_KNOWN: dict[str, Callable[[Collection[str]], dict[str, str]]] = {
    "kind": _kinds,
    "level": _levels,
    "language": _languages,
    "area": lambda values: queries.facet_names("area", values),
    "capability": lambda values: queries.facet_names("capability", values),
    "coach": lambda values: queries.facet_names("coach", values),
}
