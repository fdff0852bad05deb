"""What the community brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from app.community import groundwork, subjects
from app.community.subjects import Kind

# The subjects that lie on floors below.
SUBJECTS = groundwork.KINDS


def furnish(app: Flask, kinds: Iterable[Kind]) -> None:
    """Fill the registries. `kinds` are all sorts of subjects that the house knows."""
    subjects.init_app(app)
    subjects.register(app, kinds)
