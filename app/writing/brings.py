"""What writing brings to the house, of all its rooms (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask

from app.web import errors
from app.writing import messages
from app.writing.keeping import elsewhere, moving
from app.writing.keeping import sections as keeping_sections
from app.writing.keeping import views as keeping_views

BLUEPRINTS = (keeping_views.blueprint,)
WORDINGS = (messages.WORDINGS,)
PARTS = {"arrival": keeping_sections.arrivals}


def furnish(app: Flask, pages: Mapping[str, str], movers: Sequence[moving.Mover]) -> None:
    """`pages` are the endpoints that show a text by its slug, with its kind; `movers` know texts by their address."""
    elsewhere.init_app(app, pages)
    moving.init_app(app, movers)
    errors.register_elsewhere(app, elsewhere.answer)
