"""Who could review what, as another feature knows it: the skills of coaches, for example. The factory hands the lookup over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from flask import Flask, current_app

# {user id: ids of capabilities}
Suggestions = Callable[[], Mapping[int, Collection[int]]]


def register(app: Flask, suggestions: Suggestions) -> None:
    app.extensions["reviewer suggestions"] = suggestions


def suggested() -> Mapping[int, Collection[int]]:
    """Capabilities by person, for an editor to agree to. Nobody reviews anything before."""
    lookup: Suggestions = current_app.extensions["reviewer suggestions"]
    return lookup()
