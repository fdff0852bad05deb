"""The history of what is published, for every reader: the versions that were published, and nothing of what came between."""

from __future__ import annotations

from flask import Blueprint, request

from app.web.access import readers
from app.web.i18n import request_language
from app.web.shared import shared_page
from app.writing.history.pages import Place, comparison, for_readers, render_comparison, render_history, render_version
from app.writing.history.queries import list_live, marked_numbers, published_versions
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.rules import Step

blueprint = Blueprint("published", __name__, url_prefix="/writing/history")


@blueprint.get("/<kind>/<slug>")
@readers
@shared_page
def index(kind: str, slug: str) -> str:
    manuscript, others = _pick(kind, slug)
    versions = published_versions(manuscript)
    return render_history(manuscript, versions, _place(manuscript), steps={Step.ACCEPT}, others=others)


@blueprint.get("/<kind>/<slug>/<id:number>")
@readers
@shared_page
def version(kind: str, slug: str, number: int) -> str:
    manuscript, _others = _pick(kind, slug)
    return render_version(manuscript, published_versions(manuscript), number, _place(manuscript))


@blueprint.get("/<kind>/<slug>/differences")
@readers
@shared_page
def differences(kind: str, slug: str) -> str:
    manuscript, _others = _pick(kind, slug)
    versions, marked = published_versions(manuscript), marked_numbers(manuscript, {Step.ACCEPT})
    found = comparison(manuscript, versions, marked, manuscript.published_number or 0, for_readers)
    return render_comparison(manuscript, found, _place(manuscript))


def _pick(kind: str, slug: str) -> tuple[Manuscript, list[Manuscript]]:
    """The live text in the language of the address, else of the reader, else the first; and in its other languages."""
    live = list_live(get_kind(kind).name, slug)
    wanted = request.args.get("lang") or request_language()
    manuscript = next((each for each in live if each.language == wanted), live[0])
    return manuscript, [each for each in live if each is not manuscript]


def _place(manuscript: Manuscript) -> Place:
    args = {"kind": manuscript.kind, "slug": manuscript.slug, "lang": manuscript.language}
    text_url = get_kind(manuscript.kind).url(manuscript.slug, manuscript.language)
    return Place("published", args, text_url, manuscript.published_number or 0, is_public=True)
