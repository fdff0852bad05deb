"""`/llms.txt` (llmstxt.org): what a program that reads for somebody should know of the site, on one page."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from flask_babel import gettext as _

from app.capabilities.queries import list_frameworks
from app.case_studies.queries import Filters, listing
from app.coaches.queries import visible_to as coaches_visible_to
from app.config import Config
from app.exchange.entries import address
from app.exchange.pages import links
from app.kernel.db import db
from app.practices.queries import list_newest
from app.training.lists import Choices, listed, upcoming
from app.web.dates import request_now

# Of each sort so many: whoever wants more follows the capabilities, or searches.
MOST = 100


def write(language: str) -> str:
    """The page in one language. As many queries for a large site as for a small one."""
    config: Config = current_app.config["GUILDHALL"]
    lead = _(
        "How good engineering is done here: best-practice articles, the coaches who teach them, training sessions, and case "
        "studies with numbers. Every address below is Markdown."
    )
    search = _("Search: %(url)s", url=address("search.results", q="") + "…")
    return "\n\n".join([f"# {config.site_name}", f"> {lead}", search, *_sections(language)]) + "\n"


def _sections(language: str) -> Iterator[str]:
    sections = (
        (_("Frameworks"), _frameworks(language)),
        (_("Practices"), _practices(language)),
        (_("Case studies"), _stories(language)),
        (_("Next training"), _sessions()),
        (_("Coaches"), _coaches()),
    )
    return (f"## {title}\n\n{links(items)}" for title, items in sections if items)


def _frameworks(language: str) -> list[tuple[str, str]]:
    return [
        (framework.name.in_(language), address("exchange.framework", framework=framework.slug))
        for framework in list_frameworks()
    ]


def _practices(language: str) -> list[tuple[str, str]]:
    return [
        (row.title, address("practices.source", slug=row.slug, lang=row.language))
        for row in list_newest(language, MOST)
    ]


def _stories(language: str) -> list[tuple[str, str]]:
    rows = db.session.execute(listing(Filters(), language).limit(MOST)).unique().scalars()
    return [(row.title, address("case_studies.source", slug=row.slug, lang=row.language)) for row in rows]


def _sessions() -> list[tuple[str, str]]:
    query = listed(upcoming(request_now()), Choices()).limit(MOST)
    rows = db.session.execute(query).unique().scalars()
    return [(f"{row.starts_at:%Y-%m-%d} {row.title}", address("exchange.session", slug=row.slug)) for row in rows]


def _coaches() -> list[tuple[str, str]]:
    rows = db.session.execute(coaches_visible_to(None).limit(MOST)).unique().scalars()
    return [(f"{row.user.name}: {row.headline}", address("exchange.coach", slug=row.slug)) for row in rows]
