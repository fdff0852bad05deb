"""A story as a poster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from flask import current_app, url_for

from app.capabilities.models import Capability
from app.case_studies.exhibition.rules import parts_of, said_on, size_of
from app.case_studies.figures import Figure, figure_of
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PART_HEADINGS
from app.config import Config
from app.web.filters import number


@dataclass(frozen=True)
class Poster:
    """`figure` is the best number, None without one; `code` is an SVG that leads to `address`."""

    story: CaseStudy
    capability: Capability | None
    figure: Figure | None
    size: str
    sentences: Sequence[str]
    address: str
    code: str

    @property
    def hue(self) -> int | None:
        return self.capability.area.hue if self.capability else None


def poster_of(story: CaseStudy) -> Poster:
    """Inside the language of the story, in which the number and its change are said."""
    best = story.best_metric
    parts = parts_of(story.text, PART_HEADINGS[story.language])
    address = address_of(story.slug, story.language)
    return Poster(
        story=story,
        capability=story.capability,
        figure=figure_of(best) if best else None,
        size=size_of(number(best.after)) if best and best.after is not None else "",
        sentences=said_on(story.summary, parts),
        address=address,
        code=code_of(address),
    )


def address_of(slug: str, language: str) -> str:
    """The page of the story, as the world reaches the site: a screen in the lobby may have it open under another name."""
    config: Config = current_app.config["GUILDHALL"]
    return config.site_url.rstrip("/") + url_for("case_studies.show", slug=slug, lang=language)


def code_of(address: str) -> str:
    """A QR code as SVG that is as large as its box, black on white in both themes, because readers expect that."""
    return segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
