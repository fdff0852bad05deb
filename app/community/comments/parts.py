"""The comments under a page: the same for everybody, and what the reader may do with each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from urllib.parse import urlencode

from flask import render_template, request
from flask_login import current_user

from app.accounts.models import User
from app.community.comments.policy import can_edit, can_hide, can_mark_answered, can_remove, can_see_hidden
from app.community.comments.queries import Stand, list_stands, load_talk
from app.community.comments.rules import MAX_COMMENT
from app.community.subjects import Ref, find_subject
from app.kernel.types import LANGUAGES
from app.web.dates import request_now
from app.web.i18n import language
from app.web.numbers import whole_number
from app.web.shared import Piece, own, reader, shared
from app.web.stored import request_revision

PAGE = "comments"


def comments(arguments: Sequence[str]) -> list[Piece]:
    """For each subject, by its reference, the threads of the page that the address asks for."""
    number = whole_number(request.args.get(PAGE)) or 1
    return [_comments(Ref.parse(argument), number) for argument in arguments]


def _comments(ref: Ref, number: int) -> Piece:
    version = request.args.get("lang") if request.args.get("lang") in LANGUAGES else None

    def make() -> str:
        subject = find_subject(ref, None, language())
        talk = load_talk(ref, number)
        return render_template(
            "community/comments/_talk.html",
            ref=ref,
            talk=talk,
            owners=sorted(subject.owner_ids) if subject else [],
            previous_url=_page_url(talk.number - 1, version) if talk.number > 1 else None,
            next_url=_page_url(talk.number + 1, version) if talk.number < talk.count else None,
            writes=current_user.is_authenticated,
            most=MAX_COMMENT,
            # What tells the next comment from this one: by then something that pages show has changed.
            after=request_revision(),
        )

    return shared(("comments", ref, number, request.path, version), make)


def _page_url(number: int, version: str | None) -> str:
    """The address of a page of comments, made of what the piece is kept under and of nothing else that was asked."""
    params = {"lang": version, PAGE: number if number > 1 else None}
    query = urlencode({name: value for name, value in params.items() if value is not None})
    return f"{request.path}?{query}#comments" if query else f"{request.path}#comments"


def ways(arguments: Sequence[str]) -> list[str | Piece]:
    """For each comment, what the reader may do with it. The argument of one that opens a thread is its id, a dot, and the
    ids of those who answer for the page; of an answer, its id alone. One query; none where all of it is kept.
    """
    person = reader()
    if person is None:
        return [""] * len(arguments)
    cut = {argument: argument.partition(".") for argument in arguments}
    stands = cache(partial(list_stands, [int(comment_id) for comment_id, _dot, _owners in cut.values()]))

    def made(argument: str) -> Piece:
        comment_id, dot, owners = cut[argument]
        owner_ids = {int(owner) for owner in owners.split("-") if owner}
        return own(("comment", argument), lambda: _ways(person, stands().get(int(comment_id)), bool(dot), owner_ids))

    return [made(argument) for argument in arguments]


def _ways(person: User, at: Stand | None, is_first: bool, owners: set[int]) -> str:
    if at is None or at.removed_at is not None:
        return ""
    return render_template(
        "community/comments/_own.html",
        at=at,
        edits=can_edit(person, at, request_now()),
        removes=can_remove(person, at),
        hides=can_hide(person),
        sees_hidden=at.hidden_at is not None and can_see_hidden(person, at),
        marks=is_first and can_mark_answered(person, owners),
    )
