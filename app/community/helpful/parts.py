"""The question under a page, with the reader's own answer and what others answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from flask import render_template, request

from app.accounts.models import User
from app.community.helpful.models import HelpfulAnswer
from app.community.helpful.policy import can_see_reasons
from app.community.helpful.queries import Tally, answers_of, count_answers
from app.community.helpful.rules import REASON_NAMES
from app.community.subjects import Ref
from app.web.shared import Piece, own, reader, shared


def questions(arguments: Sequence[str]) -> list[str | Piece]:
    """For each subject. The argument is the ids of those who answer for it, a dot, and its reference. One query, for what
    the reader answered.
    """
    person = reader()
    asked = [(argument.partition(".")[0], Ref.parse(argument.partition(".")[2])) for argument in arguments]
    if person is None:
        return [_question(ref, None, None, sees_reasons=False) for _owners, ref in asked]
    given = cache(partial(answers_of, person.id, [ref for _owners, ref in asked]))

    def made(owners: str, ref: Ref) -> Piece:
        sees = can_see_reasons(person, {int(owner) for owner in owners.split("-") if owner})
        return own(
            ("helpful", ref, owners, request.path),
            lambda: _question(ref, person, given().get(ref), sees_reasons=sees),
        )

    return [made(owners, ref) for owners, ref in asked]


def _question(ref: Ref, person: User | None, given: HelpfulAnswer | None, *, sees_reasons: bool) -> str:
    return render_template(
        "community/helpful/_question.html",
        ref=ref,
        given=given,
        is_member=person is not None,
        sees_reasons=sees_reasons,
        reason_names=REASON_NAMES,
    )


def tallies(arguments: Sequence[str]) -> list[Piece]:
    """What all answered, once there are enough of them."""
    return [_tally(Ref.parse(argument)) for argument in arguments]


def _tally(ref: Ref) -> Piece:
    def make() -> str:
        return render_template("community/helpful/_tally.html", tally=count_answers([ref]).get(ref, Tally()))

    return shared(("helpful", ref), make)
