"""What stands on the page of an engagement: the same for coach and team, but for the feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.coaching.engagements.feedback import heard
from app.coaching.engagements.forms import ActionForm, FeedbackForm, GoalForm, NoteForm, SessionForm
from app.coaching.engagements.queries import list_cards, list_fitting
from app.coaching.models import AgreedAction, Engagement, EngagementFeedback, Goal
from app.coaching.policy import can_say_how_it_was, has_coach, is_of_team
from app.coaching.rules import ENGAGEMENT_NAMES, Phase
from app.web.dates import day_words, request_now, request_today
from app.web.forms import Form
from app.web.i18n import language
from app.web.sections import sections_for


@dataclass(frozen=True)
class Line:
    """An agreed action, whether its day is over without it being done, and whether whose it is has left."""

    action: AgreedAction
    is_overdue: bool
    has_left: bool


def page_of(engagement: Engagement, failed: Form | None = None) -> str:
    """`failed` is the form that came back with errors; the others are empty."""
    person, now = me(), request_now()
    today = request_today()
    is_team = is_of_team(person, engagement)
    is_over = engagement.state == Phase.ENDED
    fitting = [] if is_over else list_fitting(engagement, now=now)
    by_name: dict[str, Form] = {}
    if not is_over:
        by_name = {
            "goal": GoalForm(formdata=None).offer(choices_by_area(list_main_areas())),
            "note": NoteForm(formdata=None, on=today),
            "action": ActionForm(formdata=None).offer(people_of(engagement)),
            "session": SessionForm(formdata=None).offer(
                [(each.slug, f"{each.title} · {day_words(each.starts_at)}") for each in fitting]
            ),
        }
    own = next((each for each in engagement.feedback if each.user_id == person.id), None)
    if is_over and can_say_how_it_was(person, engagement):
        by_name["feedback"] = _feedback_form(own)
    opened = _OPENED.get(type(failed), "")
    # Who writes in it while the other side ends it finds no form any more, and loses no word.
    is_lost = is_over and isinstance(failed, GoalForm | NoteForm | ActionForm)
    if failed is not None and opened and not is_lost:
        by_name[opened] = failed
    return render_template(
        "coaching/engagements/show.html",
        engagement=engagement,
        state=ENGAGEMENT_NAMES[Phase(engagement.state)],
        is_team=is_team,
        is_over=is_over,
        is_left=not is_over and not has_coach(engagement),
        reader_id=person.id,
        goal_words=goal_words,
        lines=_lines(engagement, today),
        notes=sorted(engagement.notes, key=lambda note: (note.on, note.id), reverse=True),
        cards=list_cards([each.training_slug for each in engagement.sessions]),
        forms_by_name=by_name,
        open_form=opened,
        unsaved=failed if is_lost else None,
        own=own,
        heard=heard(engagement),
        sections=sections_for("engagement", engagement, person),
    )


_OPENED: dict[type[Form | None], str] = {
    GoalForm: "goal",
    NoteForm: "note",
    ActionForm: "action",
    SessionForm: "session",
    FeedbackForm: "feedback",
}


def _feedback_form(own: EngagementFeedback | None) -> FeedbackForm:
    said = {"mark": own.mark, "text": own.text} if own is not None else {}
    return FeedbackForm(formdata=None, data=said)


def _lines(engagement: Engagement, today: date) -> list[Line]:
    """What is open first, by date, those without one last; then what is done, the newest first."""
    still = sorted(
        (each for each in engagement.actions if each.done_at is None),
        key=lambda each: (each.due_on is None, each.due_on or date.max, each.id),
    )
    done = sorted((each for each in engagement.actions if each.done_at is not None), key=_done_at, reverse=True)
    here = {user_id for user_id, _name in people_of(engagement)} | {None}
    return [
        Line(each, each.due_on is not None and each.due_on < today, each.owner_id not in here) for each in still
    ] + [Line(each, is_overdue=False, has_left=False) for each in done]


def _done_at(action: AgreedAction) -> datetime:
    assert action.done_at is not None
    return action.done_at


def people_of(engagement: Engagement) -> list[tuple[int, str]]:
    """Whose an action can be: the coach, and the team, as far as they have an open account."""
    people = [(each.user_id, each.user.name) for each in engagement.team.people if each.user.is_active]
    if engagement.coach is not None and engagement.coach.is_active:
        people.insert(0, (engagement.coach.id, _("%(name)s (coach)", name=engagement.coach.name)))
    return people


def goal_words(goal: Goal) -> str:
    """A goal in one line, for a choice."""
    name = goal.capability.name.in_(language()) if goal.capability is not None else ""
    levels = f" {goal.from_level or '–'} → {goal.to_level}" if goal.to_level is not None else ""
    return ": ".join(part for part in (f"{name}{levels}".strip(), goal.text) if part)


def back(engagement_id: int, place: str = "") -> ResponseReturnValue:
    """To the page, and there to what was just written."""
    return redirect(url_for("engagements.show", engagement_id=engagement_id, _anchor=place or None), 303)
