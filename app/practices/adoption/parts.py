"""Who uses a practice, on its page: the teams for everybody, and what the reader's own teams can say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby

from flask import render_template
from wtforms import SelectChoice

from app.accounts.models import User
from app.practices.adoption.forms import AdoptionForm, StopForm
from app.practices.adoption.models import Adoption
from app.practices.adoption.queries import Stand, list_stands, list_using
from app.practices.adoption.rules import STAGE_MEANINGS, STAGE_NAMES, Stage, is_stale
from app.web.dates import request_now, request_today
from app.web.shared import Piece, own, reader, shared


def adopters(slugs: Sequence[str]) -> list[Piece]:
    """For each practice, the teams that use it, by stage."""
    return [_adopters(slug) for slug in slugs]


def _adopters(slug: str) -> Piece:
    def make() -> str:
        using = list_using(slug)
        return render_template("practices/adoption/_using.html", slug=slug, stages=by_stage(using), total=len(using))

    return shared(("adopters", slug), make)


def by_stage(adoptions: Sequence[Adoption]) -> list[tuple[object, list[Adoption]]]:
    """(name of the stage, its teams), in the order in which they come."""
    return [(STAGE_NAMES[Stage(stage)], list(rows)) for stage, rows in groupby(adoptions, lambda each: each.stage)]


def ways(slugs: Sequence[str]) -> list[str | Piece]:
    """For each practice, what the reader can say for a team, in place. It has many forms, so it is kept for the reader."""
    person = reader()
    if person is None:
        return [render_template("practices/adoption/_way.html", slug=slug, person=None) for slug in slugs]
    day = request_today()
    # Two queries, however many practices; none where all of it is kept.
    stands = cache(partial(list_stands, person.id, slugs))

    def made(slug: str) -> Piece:
        return own(("adopt", slug, day), lambda: _way(person, slug, stands()[slug]))

    return [made(slug) for slug in slugs]


def _way(person: User, slug: str, stands: Sequence[Stand]) -> str:
    silent = [stand for stand in stands if stand.adoption is None or stand.adoption.stage == Stage.STOPPED]
    using = [stand for stand in stands if stand not in silent]
    return render_template(
        "practices/adoption/_way.html",
        slug=slug,
        person=person,
        has_team=bool(stands),
        form=form_for(silent) if silent else None,
        using=[(stand, form_for([stand]), stop_form_for(stand)) for stand in using],
        stale=[stand for stand in using if stand.adoption and _is_stale(stand.adoption)],
        meanings=STAGE_MEANINGS,
    )


def _is_stale(adoption: Adoption) -> bool:
    return is_stale(adoption.stage, adoption.confirmed_at, request_now())


def form_for(stands: Sequence[Stand], *, sent: bool = False) -> AdoptionForm:
    """The form with these teams to choose from, filled in with what the first of them said last. With `sent` it holds what
    was sent, instead. The ids differ from team to team, because several forms stand on a page.
    """
    first = stands[0]
    said = first.adoption
    is_new = said is None or said.stage == Stage.STOPPED
    values = {
        "team": first.team_slug,
        "stage": Stage.TRYING.value if is_new or said is None else said.stage,
        "since": request_today() if is_new or said is None else said.since,
        "link": "" if is_new or said is None else said.link,
        "note": "" if is_new or said is None else said.note,
    }
    form = AdoptionForm(data=values) if sent else AdoptionForm(formdata=None, data=values)
    form.team.choices = [SelectChoice(stand.team_slug, stand.team_name) for stand in stands]
    _tell_apart(form, first)
    return form


def stop_form_for(stand: Stand, *, sent: bool = False) -> StopForm:
    form = StopForm(data={"team": stand.team_slug}) if sent else StopForm(formdata=None, data={"team": stand.team_slug})
    form.team.choices = [SelectChoice(stand.team_slug, stand.team_name)]
    _tell_apart(form, stand)
    return form


def _tell_apart(form: AdoptionForm | StopForm, stand: Stand) -> None:
    for field in form:
        field.id = f"{field.id}-{stand.team_slug}"
        field.label.field_id = field.id
