"""What frameworks bring to the house; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from app.capabilities import (
    aside_views,
    crosswalk_views,
    draft_views,
    editing_views,
    leading_on,
    moving,
    search_source,
    versions_views,
    views,
)
from app.web import errors

BLUEPRINTS = (
    views.blueprint,
    versions_views.blueprint,
    draft_views.blueprint,
    editing_views.blueprint,
    crosswalk_views.blueprint,
    aside_views.blueprint,
)
SOURCES = (search_source.CapabilitySource(),)
FACET_NAMES = {"area": search_source.facet_areas, "capability": search_source.facet_capabilities}


def furnish(app: Flask, moves: Sequence[moving.Move]) -> None:
    """`moves` know a capability by its slug."""
    moving.init_app(app, moves)
    errors.register_elsewhere(app, leading_on.answer)
