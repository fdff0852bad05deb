"""What a reader can do with a wish: the parts of their own on pages that are the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request

from app.training.wishes.policy import can_delete, looks_after
from app.training.wishes.queries import list_stands, list_voters
from app.web.dates import request_now
from app.web.shared import reader


def actions(arguments: Sequence[str]) -> list[str]:
    """For each wish, by its id, the reader's vote and what else is right now. One query."""
    person = reader()
    stands = list_stands(person, map(int, arguments), now=request_now())
    plans = person is not None and looks_after(person)
    return [
        render_template(
            "training/wishes/_action.html",
            at=stands[int(argument)],
            is_member=person is not None,
            plans=plans,
            back=_page(),
        )
        if int(argument) in stands
        else ""
        for argument in arguments
    ]


def _page() -> str:
    """Where a vote leads back to. From the form it leads to the wish: the form has served its purpose."""
    return "" if request.endpoint == "wishes.new" else request.full_path.rstrip("?")


def desks(arguments: Sequence[str]) -> list[str]:
    """On the page of a wish: who wants it and how it is closed, for those who look after wishes; taking it back, for
    whoever made it.
    """
    person = reader()
    if person is None:
        return [""] * len(arguments)
    looking = looks_after(person)
    stands = list_stands(person, map(int, arguments), now=request_now())
    return [
        render_template(
            "training/wishes/_desk.html",
            at=at,
            looking=looking,
            voters=list_voters(at.id) if looking else [],
            deletes=can_delete(
                person, made_by_id=person.id if at.is_mine else None, votes_of_others=at.votes_of_others
            ),
        )
        for at in stands.values()
    ]
