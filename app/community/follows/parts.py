"""The button on the page of something that can be followed: the reader's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import render_template
from flask_login import current_user

from app.community.follows.queries import which_are_followed
from app.community.follows.rules import read_key
from app.web.shared import Piece, shared


def buttons(keys: Sequence[str]) -> Iterable[str | Piece]:
    """For each reference (`rules.key_of`) the button that is right now, with one query for all; for visitors nothing."""
    if not current_user.is_authenticated:
        return [""] * len(keys)
    refs = [read_key(key) for key in keys]
    followed = which_are_followed(current_user.id, refs)
    return [_button(str(ref), is_followed=ref in followed) for ref in refs]


def _button(ref: str, *, is_followed: bool) -> Piece:
    def make() -> str:
        return render_template("community/follows/_button.html", ref=ref, is_followed=is_followed)

    return shared(("follow", ref, is_followed), make)
