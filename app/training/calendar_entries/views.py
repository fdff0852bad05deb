"""A session as a file to save."""

from __future__ import annotations

from flask import Blueprint, Response

from app.training.admissions import get_admission
from app.training.calendar_entries.files import as_file
from app.training.queries import get_training
from app.web.access import readers
from app.web.dates import request_now
from app.web.downloads import download
from app.web.shared import reader

blueprint = Blueprint("calendar_entries", __name__)


@blueprint.get("/training/<slug>.ics")
@readers
def file(slug: str) -> Response:
    admission = get_admission(reader(), slug, now=request_now())
    text = as_file(get_training(reader(), slug), reader(), link=admission.link)
    return download(text, "text/calendar", f"{slug}.ics")
