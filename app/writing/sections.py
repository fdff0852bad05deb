"""What the home page shows of what is being written."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.web.paging import paginate
from app.web.sections import Section
from app.writing.queries import still_open, written_by

LINE = "writing/_line.html"
SHOWN = 3


def being_written(_home: Any, reader: Any) -> Section | None:
    """What the reader and the reader's teams are working on."""
    page = paginate(still_open(written_by(reader)), number=1, size=SHOWN)
    return Section(_("You are writing"), LINE, page.items, page.total, url_for("writing.mine")) if page.items else None
