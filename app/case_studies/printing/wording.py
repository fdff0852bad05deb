"""What stands on the paper of a case study, in the story's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from babel.dates import format_date
from flask import current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.case_studies.figures import Figure
from app.case_studies.models import CaseStudy
from app.case_studies.pages import Shown
from app.config import Config
from app.media.store import NAME
from app.web.filters import number
from app.web.i18n import language
from app.writing.models import Manuscript

_SOURCE = re.compile(r'<img [^>]*?src="(/media/([0-9a-f]{32}\.[a-z]+))"')


def sheet_of(case_study: CaseStudy | Manuscript, shown: Shown) -> dict[str, Any]:
    """Everything for the press. Inside the language of the story."""
    config: Config = current_app.config["GUILDHALL"]
    path = url_for("case_studies.show", slug=case_study.slug, lang=shown.language)
    capability = shown.capability.name.in_(language()) if shown.capability else ""
    day = format_date(shown.published_on, "long", locale=get_locale()) if shown.published_on else _("Draft")
    return {
        "language": shown.language,
        "site": config.site_name,
        "title": shown.title,
        "summary": shown.summary,
        "team": shown.team.name,
        "about": " · ".join(text for text in (shown.team.name, shown.organisation, capability) if text),
        "byline": " · ".join(text for text in (shown.byline, day) if text),
        "capability": capability,
        "hue": shown.capability.area.hue if shown.capability else 0,
        "links": _("Where the links lead"),
        "numbers": _("The numbers"),
        "before": _("Before"),
        "after": _("After"),
        "address": config.site_url.rstrip("/") + path,
        "made_at": case_study.updated_at.isoformat(),
        "html": shown.html,
        "pictures": _pictures(shown.html, config.media_dir),
        "figures": [_figure(figure) for figure in shown.figures],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    metric = figure.metric
    assert metric.before is not None
    assert metric.after is not None
    return {
        "name": metric.name,
        "before": f"{number(metric.before)} {figure.before_unit}",
        "after": f"{number(metric.after)} {figure.after_unit}",
        "bars": figure.bars,
        "words": figure.words,
        "period": " → ".join(text for text in (metric.window_before, metric.window) if text),
        "source": metric.source,
    }


def _pictures(html: str, folder: Path) -> dict[str, str]:
    """The files of the pictures that are kept here, by the address that the text has for them."""
    found = {match[1]: match[2] for match in _SOURCE.finditer(html)}
    return {
        src: str(folder / name) for src, name in found.items() if NAME.fullmatch(name) and (folder / name).is_file()
    }
