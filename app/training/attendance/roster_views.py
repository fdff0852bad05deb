"""The roster: who comes, on the screen, on paper and as a sheet."""

from __future__ import annotations

from flask import Response, render_template

from app.kernel.db import db
from app.training.attendance.queries import list_answers, list_states
from app.training.attendance.rules import state_name
from app.training.attendance.sheet import Known, numbered, roster_csv, seat_name, team_names
from app.training.attendance.views import blueprint
from app.training.queries import list_history, list_roster
from app.training.running import get_own_session
from app.training.seats.questions import list_questions
from app.web.access import member
from app.web.downloads import download

# The views below join the blueprint of `views`; whoever registers it takes it from the last of these files.
__all__ = ["blueprint"]


@blueprint.get("/training/<slug>/roster")
@member
def roster(slug: str) -> str:
    training = get_own_session(slug)
    rows = [
        (number, seat_name(each.state), team_names(each.user), each) for number, each in numbered(list_roster(training))
    ]
    return render_template(
        "training/attendance/roster.html",
        training=training,
        rows=rows,
        states=list_states(training.id),
        state_name=state_name,
        history=list_history(training),
    )


@blueprint.get("/training/<slug>/roster.csv")
@member
def roster_sheet(slug: str) -> Response:
    training = get_own_session(slug)
    known = Known(list_states(training.id), list_questions(db.session(), training.id), list_answers(training.id))
    return download(roster_csv(training, list_roster(training), known), "text/csv", f"roster-{slug}.csv")
