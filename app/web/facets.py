"""Facets of a list: choices with counts, whose state is the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request

from app.web.paging import with_params

# So many choices of a long facet stand in the open; the others behind "more".
SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many items it would show, whether it is chosen, and the address that toggles it."""

    value: str
    label: str
    count: int
    chosen: bool
    url: str
    area: str | None = None


@dataclass(frozen=True)
class Facet:
    """One group of choices, `name` being the parameter in the address."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.chosen]

    @property
    def first(self) -> list[Choice]:
        """What is shown at once: the first choices, and those that are chosen."""
        return [choice for number, choice in enumerate(self.choices) if number < SHOWN or choice.chosen]

    @property
    def rest(self) -> list[Choice]:
        return [choice for choice in self.choices[SHOWN:] if not choice.chosen]


def chosen_values(name: str) -> list[str]:
    """The values of a parameter in the address, each once, bounded in number and length."""
    return list(dict.fromkeys(value for value in request.args.getlist(name)[:20] if 0 < len(value) <= 80))


def build_facet(
    name: str,
    label: str,
    counts: Mapping[str, int],
    labels: Iterable[tuple[str, str]],
    areas: Mapping[str, str] | None = None,
) -> Facet:
    """The facet `name` in the order of `labels` (value, text), leaving out what has no items unless it is chosen.

    `areas` gives the framework's area of a value, for its hue.
    """
    chosen = chosen_values(name)
    choices = []
    for value, text in labels:
        is_chosen = value in chosen
        if not counts.get(value) and not is_chosen:
            continue
        toggled = [other for other in chosen if other != value] if is_chosen else [*chosen, value]
        choices.append(
            Choice(
                value=value,
                label=text,
                count=counts.get(value, 0),
                chosen=is_chosen,
                url=with_params(**{name: toggled, "page": None}),
                area=(areas or {}).get(value),
            )
        )
    return Facet(name, label, choices)
