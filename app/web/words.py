"""What people have written for an hour is not lost because their session has ended meanwhile.

A view marked with `@keeps_words` has a form of that sort. Where it is sent without a session, or with the token of another
one, the answer is a page with everything that was typed: whoever has logged in again, in another tab, sends it once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

View = TypeVar("View", bound=Callable[..., Any])
# Shorter ones are of no use to whoever reads them, and are sent along unseen.
WORTH_SHOWING = 60
LOGGED_OUT = _l(
    "You are not logged in any more, so nothing was saved yet. Log in in a new tab, come back to this page, and send it again."
)
STALE = _l("You have logged in anew since the page was opened, so nothing was saved yet. Send it again.")


def keeps_words(view: View) -> View:
    view.keeps_words = True  # type: ignore[attr-defined]
    return view


def does_keep_words() -> bool:
    """Is a form sent that somebody may have worked on for long?"""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method == "POST" and getattr(view, "keeps_words", False)


def kept_words(sentence: LazyString) -> Response:
    """The page with what was typed. It is sent only when a person presses the button."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    page = render_template("errors/kept_words.html", sentence=sentence, sent=sent, worth_showing=WORTH_SHOWING)
    return make_response(page, 401 if sentence is LOGGED_OUT else 400)
