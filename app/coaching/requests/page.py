"""What stands on the page of a request for one reader: of the team, or the coach whom it is with."""

from __future__ import annotations

from flask import render_template

from app.accounts.login import me
from app.coaching.matching import is_anybody_left, list_candidates, list_with_room, wanted_by
from app.coaching.models import CoachingRequest
from app.coaching.policy import can_answer, can_withdraw, is_of_team
from app.coaching.requests.forms import AnswerForm, DeclineForm, HandOverForm, QuestionForm, WithdrawForm
from app.coaching.requests.queries import find_engagement_id
from app.coaching.requests.timeline import list_events, next_words, others_before
from app.coaching.rules import ASK_NAMES, PENDING, Ask
from app.web.dates import request_now
from app.web.forms import Form

# So many of those who would be asked next are shown.
SHOWN = 3


def page_of(asked: CoachingRequest, failed: Form | None = None) -> str:
    """`failed` is the form that came back with errors; the others are empty."""
    person = me()
    is_team, answers = is_of_team(person, asked), can_answer(person, asked)
    is_pending = asked.state in PENDING
    wanted = wanted_by(asked)
    candidates = list_candidates(wanted, request_now()) if is_pending else []
    is_left = bool(candidates) or (is_pending and is_anybody_left(wanted))
    forms: list[Form] = []
    if answers:
        forms = [QuestionForm(formdata=None), HandOverForm(formdata=None), DeclineForm(formdata=None)]
        forms[1].offer(list_with_room(wanted))
    if is_team:
        forms += [AnswerForm(formdata=None), WithdrawForm(formdata=None)]
    by_name: dict[str, Form] = {type(each).__name__: each for each in forms}
    if failed is not None:
        by_name[type(failed).__name__] = failed
    return render_template(
        "coaching/requests/show.html",
        asked=asked,
        state=ASK_NAMES[Ask(asked.state)],
        is_team=is_team,
        answers=answers,
        may_withdraw=can_withdraw(person, asked),
        is_pending=is_pending,
        candidates=candidates[:SHOWN],
        next_words=next_words(asked, candidates[0] if candidates else None, is_left=is_left),
        events=list_events(asked, is_team=is_team),
        before="" if is_team else others_before(asked),
        forms_by_name=by_name,
        open_form=type(failed).__name__ if failed is not None else "",
        engagement_id=find_engagement_id(asked.id) if asked.state == Ask.ACCEPTED else None,
    )
