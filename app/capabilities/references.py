"""Capabilities as `[[links]]` name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.capabilities.models import Capability, Framework
from app.kernel.db import db
from app.kernel.types import LANGUAGES
from app.web.references import Candidate, Linkable


def _lookup(names: Sequence[str]) -> Iterable[Candidate]:
    """The names stand in both languages in one column, so all capabilities are read; there are some fifty."""
    wanted = {name.casefold() for name in names}
    query = (
        select(Capability.slug, Capability.name, Framework.slug)
        .join(Capability.framework)
        .order_by(Framework.position, Capability.position)
    )
    for slug, name, framework in db.session.execute(query):
        titles = {language: name.in_(language) for language in LANGUAGES}
        if wanted & {slug, *(title.casefold() for title in titles.values())}:
            for language, title in titles.items():
                yield Candidate(slug, title, f"/capabilities/{framework}/{slug}", language)


LINKABLE = Linkable("capability", ("capability", "能力"), _lookup)
