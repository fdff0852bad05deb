"""What a reader can do with a session: the parts of their own on pages that are the same for everybody.

Most people have nothing to do with most sessions. So the button of somebody without a place is made once and kept, and
only whoever has a place in a session, or runs it, is looked at for each request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import get_template_attribute, render_template
from flask_login import current_user

from app.training.admissions import Admission, list_admissions, list_ties
from app.training.policy import can_create, is_administrator
from app.training.rooms import Moment, Way, desk_ways, own_blocks
from app.web.dates import request_now
from app.web.i18n import request_zone
from app.web.shared import Piece, for_everybody, own, reader
from app.web.stored import stored


def actions(arguments: Sequence[str]) -> list[str | Piece]:
    """For each session, by its id, the one button that is right for the reader now."""
    return _show("action", [int(argument) for argument in arguments])


def panels(arguments: Sequence[str]) -> list[str | Piece]:
    """For each session, by its id, the reader's place in it and everything that can be done."""
    return _show("panel", [int(argument) for argument in arguments])


def announcing() -> Piece:
    """The way to a new session, for whoever may announce one."""
    return own("announce", lambda: render_template("training/_announce.html") if can_create(current_user) else "")


def _show(macro: str, ids: Sequence[int]) -> list[str | Piece]:
    person = reader()
    is_member = person is not None
    render = get_template_attribute("training/_action.html", macro)

    def for_strangers() -> dict[int, Piece]:
        found = list_admissions(None, ids, now=request_now())
        return {each.id: for_everybody(partial(render, each, is_member)) for each in found.values()}

    pieces = stored(("training", macro, tuple(ids), is_member, request_zone()), for_strangers)
    looks: dict[int, str] = {
        each.id: render(each, True, *_of_rooms(macro, each, person)) for each in _tied(person, ids).values()
    }
    return [looks.get(training_id) or pieces.get(training_id) or "" for training_id in ids]


def _of_rooms(
    macro: str, admission: Admission, person: Any
) -> tuple[list[str], Mapping[Moment, Sequence[Way]]] | tuple[()]:
    """What the rooms add to a panel; a button has no room for it."""
    return (own_blocks(admission, person), desk_ways(admission, request_now())) if macro == "panel" else ()


def _tied(person: Any, ids: Sequence[int]) -> Mapping[int, Admission]:
    """Those sessions that are not to the person what they are to anybody."""
    if person is None:
        return {}
    tied = ids if is_administrator(person) else list_ties(person).intersection(ids)
    return list_admissions(person, tied, now=request_now()) if tied else {}
