"""The posters in turn, and on paper. Without script each has a link to the next; the script follows it by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from app.capabilities.models import Capability
from app.capabilities.queries import list_main_capabilities
from app.case_studies.exhibition.forms import ExhibitionForm, Settings
from app.case_studies.exhibition.posters import poster_of
from app.case_studies.exhibition.queries import list_stops, load_stories
from app.case_studies.exhibition.rules import Place, Stop, in_turn, place_in
from app.case_studies.models import CaseStudy
from app.kernel.types import LANGUAGES
from app.web.access import readers
from app.web.i18n import LOCALES, language
from app.web.shared import shared_page
from app.web.theme import request_theme

blueprint = Blueprint("exhibition", __name__)
PAPERS = ("a4", "a3")
# More posters than these are no print job but a mistake.
MOST_PRINTED = 24


@blueprint.get("/case-studies/exhibition")
@readers
@shared_page
def index() -> str:
    capabilities = {each.id: each for each in list_main_capabilities()}
    form, stops = _chosen(capabilities)
    settings = form.settings
    if not stops:
        return render_template("case_studies/exhibition/empty.html", form=form, is_filtered=bool(settings.params))
    place = place_in(stops, request.args.get("story", ""), request.args.get("lang") or language())
    if request.args.get("print") in PAPERS:
        return _papers(form, stops, place)
    (poster, *_others) = _html(load_stories([place.here]), "h1") or [""]
    shade = request.args.get("shade", "light")
    return render_template(
        "case_studies/exhibition/index.html",
        form=form,
        settings=settings,
        poster=poster,
        place=place,
        theme=shade if settings.both_themes and shade in {"light", "dark"} else request_theme(),
        previous_url=_url(settings, place.before, shade),
        next_url=_url(settings, place.after, shade),
        paper_urls={paper: _url(settings, place.here, shade, print=paper) for paper in PAPERS},
        all_papers_url=url_for("exhibition.index", **settings.params, print=PAPERS[0]),
    )


def _chosen(capabilities: dict[int, Capability]) -> tuple[ExhibitionForm, list[Stop]]:
    """What the address says, and the round that comes of it."""
    said = {"seconds": "", "languages": "", "themes": ""} | request.args.to_dict()
    form = ExhibitionForm(MultiDict(said), meta={"csrf": False})
    stops = (
        in_turn(list_stops(each, (each,)) for each in sorted(LANGUAGES, key=lambda each: each != language()))
        if form.settings.both_languages
        else list_stops(language())
    )
    form.offer(stops, list(capabilities.values()))
    settings = form.settings
    form.seconds.data = str(settings.seconds)
    return form, [stop for stop in stops if settings.fits(stop, capabilities.get(stop.capability_id or 0))]


def _url(settings: Settings, stop: Stop, shade: str, **more: Any) -> str:
    """Where a stop of this exhibition is. Where light and dark take turns, in the other shade."""
    if settings.both_themes and not more:
        more["shade"] = "light" if shade == "dark" else "dark"
    return url_for("exhibition.index", **settings.params, story=stop.slug, lang=stop.language, **more)


def _papers(form: ExhibitionForm, stops: Sequence[Stop], place: Place) -> str:
    """The posters as sheets: the one that is named, else all of the exhibition."""
    wanted = [place.here] if "story" in request.args else list(stops[:MOST_PRINTED])
    here: dict[str, Any] = form.settings.params
    if "story" in request.args:
        here |= {"story": place.here.slug, "lang": place.here.language}
    paper = request.args["print"]
    return render_template(
        "case_studies/exhibition/papers.html",
        posters=_html(load_stories(wanted), "h2"),
        paper=paper,
        papers={each: url_for("exhibition.index", **here, print=each) for each in PAPERS},
        back=url_for("exhibition.index", **here),
        left=len(stops) - len(wanted) if "story" not in request.args else 0,
    )


def _html(stories: Sequence[CaseStudy], heading: str) -> list[str]:
    """The posters, each written in the language of its story. `heading` is the element of their titles."""
    posters = []
    for story in stories:
        with force_locale(LOCALES[story.language]):
            poster = poster_of(story)
            posters.append(render_template("case_studies/exhibition/_poster.html", poster=poster, heading=heading))
    return posters
