"""Markdown beside every page that has something to read. Practices and case studies bring their own."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer_group

from app.capabilities.queries import get_capability, get_framework
from app.case_studies.queries import about_capability, newest
from app.coaches.models import Coach, CoachSkill
from app.coaches.queries import get_coach
from app.exchange import llms, pages
from app.exchange.entries import address
from app.kernel.db import db
from app.practices.queries import list_on_capability
from app.training.courses.queries import get_course
from app.training.lists import next_on_capability
from app.training.models import TrainingSession
from app.training.queries import get_training
from app.web.access import readers
from app.web.dates import request_now
from app.web.i18n import request_language
from app.web.stored import stored_page

blueprint = Blueprint("exchange", __name__)
MOST = 100


@blueprint.get("/llms.txt")
@readers
@stored_page
def overview() -> Response:
    return Response(llms.write(request_language()), mimetype="text/plain")


@blueprint.get("/training/<slug>.md")
@readers
@stored_page
def session(slug: str) -> Response:
    training = get_training(None, slug)
    query = select(TrainingSession).where(TrainingSession.id == training.id)
    query = query.options(undefer_group("texts"), selectinload(TrainingSession.meetings))
    whole = db.session.execute(query.execution_options(populate_existing=True)).unique().scalar_one()
    return _markdown(pages.session(whole))


@blueprint.get("/training/courses/<slug>.md")
@readers
@stored_page
def course(slug: str) -> Response:
    return _markdown(pages.course(get_course(slug)))


@blueprint.get("/coaches/<slug>.md")
@readers
@stored_page
def coach(slug: str) -> Response:
    profile = get_coach(None, slug)
    query = select(Coach).where(Coach.id == profile.id)
    query = query.options(
        selectinload(Coach.skills).joinedload(CoachSkill.capability), selectinload(Coach.language_rows)
    )
    whole = db.session.execute(query.execution_options(populate_existing=True)).unique().scalar_one()
    return _markdown(pages.coach(whole, request_language()))


@blueprint.get("/capabilities/<framework>.md")
@readers
@stored_page
def framework(framework: str) -> Response:
    return _markdown(pages.framework(get_framework(framework), request_language()))


@blueprint.get("/capabilities/<framework>/<slug>.md")
@readers
@stored_page
def capability(framework: str, slug: str) -> Response:
    thing, language = get_capability(framework, slug), request_language()
    stories, _total = newest(language, MOST, about_capability(thing.id))
    trainings = next_on_capability(thing.id, MOST, now=request_now()).trainings
    linked = {
        _("Practices"): [
            (row.title, address("practices.source", slug=row.slug, lang=row.language))
            for row in list_on_capability(thing.id, language)
        ],
        _("Case studies"): [
            (row.title, address("case_studies.source", slug=row.slug, lang=row.language)) for row in stories
        ],
        _("Next training"): [(row.title, address("exchange.session", slug=row.slug)) for row in trainings],
    }
    return _markdown(pages.capability(thing, language, linked))


def _markdown(text: str) -> Response:
    return Response(text, mimetype="text/markdown")
