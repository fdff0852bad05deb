"""Search for programs: the same answers as JSON, suggestions, and the description that browsers read to add the site."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.config import Config
from app.search import queries
from app.search.desk.redirects import Pinned, pinned_for
from app.search.index import IndexBrokenError
from app.search.pages import recent
from app.search.pages.address import is_first_look, page_of, requested_search
from app.search.pages.facets import facets_of
from app.search.pages.views import blueprint
from app.search.queries import Answer, KindGroup, ShownHit, Suggestion, run_search
from app.search.query import MAX_LENGTH
from app.web.access import public, readers
from app.web.facets import Facet
from app.web.paging import with_params
from app.web.shared import reader

# The views below join the blueprint of `views`; whoever registers it takes it from here, so that they are loaded.
__all__ = ["blueprint"]

MOST_SUGGESTED = 8
# What a browser shows of a description (OpenSearch 1.1).
SHORT_NAME, LONG_NAME = 16, 48


@blueprint.get("/search.json")
@readers
def results() -> ResponseReturnValue:
    """The page of results for programs: the same parameters, rights and limits as the page."""
    wanted, person = requested_search(), reader()
    try:
        answer = run_search(wanted, person)
    except IndexBrokenError:
        return _rebuilding()
    page = page_of(answer)
    pinned = pinned_for(wanted.text, person) if is_first_look(wanted) else None
    links = {
        "html": url_for("search.index") + with_params().removeprefix(request.path),
        "next": page.next_url,
        "previous": page.previous_url,
    }
    return jsonify(
        q=wanted.text,
        total=answer.total,
        page=page.number,
        pages=page.count,
        loosened=answer.loosened,
        correction=answer.correction,
        pinned=_pinned(pinned) if pinned else None,
        facets=[_facet(facet) for facet in facets_of(answer) if facet.choices],
        **_hits(answer),
        links={name: _absolute(path) for name, path in links.items() if path},
    )


@blueprint.get("/search/suggest")
@readers
def suggest() -> ResponseReturnValue:
    """What goes with what is being typed in the search box; `format=opensearch` for browsers."""
    if request.args.get("format") == "opensearch":
        return _completions()
    text, person = _typed(), reader()
    try:
        found = _suggestions(text)
    except IndexBrokenError:
        return _rebuilding()
    return _private(
        jsonify(
            q=text,
            suggestions=[
                {"title": each.title, "url": each.url, "kind": each.kind, "label": str(each.label)} for each in found
            ],
            recent=list(recent.list_recent(person.id)) if person else [],
        )
    )


@blueprint.get("/search/suggest.json")
@readers
def completions() -> ResponseReturnValue:
    """The same in the form of the OpenSearch Suggestions extension 1.0: query, completions, descriptions, addresses."""
    return _completions()


@blueprint.get("/opensearch.xml")
@public
def opensearch() -> ResponseReturnValue:
    """How browsers search this site. Open to all, since browsers fetch it without a log-in; it tells the name, no more."""
    name = _config().site_name
    description = render_template(
        "search/opensearch.xml",
        base=_config().site_url,
        short_name=name[:SHORT_NAME],
        long_name=name[:LONG_NAME],
        description=_("Practices, coaches, training and case studies at %(site)s", site=name),
    )
    return Response(description, mimetype="application/opensearchdescription+xml")


def _typed() -> str:
    return request.args.get("q", "").strip()[:MAX_LENGTH]


def _suggestions(text: str) -> list[Suggestion]:
    return queries.suggest(text, reader(), limit=MOST_SUGGESTED) if text else []


def _completions() -> ResponseReturnValue:
    text = _typed()
    try:
        found = _suggestions(text)
    except IndexBrokenError:
        return _rebuilding()
    answer = jsonify(
        [
            text,
            [each.title for each in found],
            [str(each.label) for each in found],
            [_absolute(each.url) for each in found],
        ]
    )
    answer.mimetype = "application/x-suggestions+json"
    return _private(answer)


def _private(answer: Response) -> Response:
    """Not kept anywhere: it holds what somebody is typing."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _rebuilding() -> ResponseReturnValue:
    sentence = _("Search is being rebuilt. It will be back in less than a minute; try again then.")
    return jsonify(error=sentence, status=503), 503, {"Retry-After": "30"}


def _hits(answer: Answer) -> dict[str, Any]:
    """The list of hits, or the groups where results are asked for by kind."""
    if answer.request.grouped:
        return {"groups": [_group(group) for group in answer.groups]}
    return {"hits": [_hit(hit) for hit in answer.hits]}


def _group(group: KindGroup) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "label": str(group.label),
        "total": group.total,
        "url": _absolute(with_params(kind=group.kind, by=None, page=None)),
        "hits": [_hit(hit) for hit in group.hits],
    }


def _hit(hit: ShownHit) -> dict[str, Any]:
    return {
        "title": hit.found.title,
        "title_html": str(hit.title),
        "url": _absolute(hit.found.url),
        "kind": hit.kind,
        "label": str(hit.label),
        "note": hit.found.note,
        "language": hit.found.language or None,
        "level": hit.found.level,
        "passage": hit.passage.striptags(),
        "passage_html": str(hit.passage),
        "why": {
            "found": list(hit.why.found),
            "missing": list(hit.why.missing),
            "through": [{"typed": typed, "found": found} for typed, found in hit.why.through],
        },
        "translations": [{"language": language, "url": _absolute(url)} for language, url in hit.translations],
    }


def _pinned(pinned: Pinned) -> dict[str, Any]:
    found = pinned.found
    return {"title": found.title, "url": _absolute(found.url), "kind": pinned.kind, "label": str(pinned.label)}


def _facet(facet: Facet) -> dict[str, Any]:
    choices = [
        {"value": choice.value, "name": choice.label, "count": choice.count, "chosen": choice.chosen}
        for choice in facet.choices
    ]
    return {"name": facet.name, "label": facet.label, "choices": choices}


def _absolute(path: str) -> str:
    return _config().site_url + path


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config
