"""Every error ends in a page (or a JSON object) with a sentence that says what to do next."""

from __future__ import annotations

import errno
from collections.abc import Callable

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel.db import db
from app.kernel.errors import DomainError
from app.web.words import LOGGED_OUT, STALE, does_keep_words, kept_words

log = structlog.get_logger()

SENTENCES = {
    400: _l("The request could not be understood. Go back, load the page again and repeat the last step."),
    401: _l("Please log in first."),
    403: _l("You may not do that here."),
    404: _l(
        "There is nothing at this address, or it is not for you to see. Search for it, or start from the home page."
    ),
    405: _l("This address does not take that kind of request. Go back and use the buttons of the page."),
    409: _l("That does not fit with how things stand now. Load the page again to see the present state."),
    413: _l("That was too large to be taken. Shorten the text and send it again."),
    414: _l("The address is too long. Use fewer filters or a shorter search."),
    429: _l("That was too often in a short time. Wait a minute and try again."),
    500: _l(
        "Something broke on our side. What you saved before is safe. Try again; if it happens again, give the number below to an administrator."
    ),
    503: _l("Too much is going on at this moment. Nothing was changed; try again in a few seconds."),
}
DISK_FULL = _l(
    "The disk of the site is full, so nothing could be saved. Reading goes on; please tell an administrator."
)
FORM_EXPIRED = _l(
    "This form is no longer valid, because you were logged out or in since it was opened. Go back, load the page again and send it once more."
)


# What is shown when not even the page of an error can be made: no template, no style sheet, no database.
PLAIN_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status}</title>
<h1>{status}</h1>
<p>{sentence}</p>
<p>{request_id}</p>
<p><a href="/">/</a></p>
</html>
"""


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ObjectDeletedError, lambda _error: _answer(404, SENTENCES[404]))
    app.register_error_handler(StaleDataError, lambda _error: _answer(409, SENTENCES[409]))
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected_error)


def register_elsewhere(app: Flask, answer: Callable[[], Response | None]) -> None:
    """Make known who can say what became of a thing that is not there any more."""
    app.extensions.setdefault("elsewhere", []).append(answer)


def wants_json() -> bool:
    """Is it a program that asks, rather than a person with a browser?"""
    accepted = request.accept_mimetypes
    return (
        request.path.endswith(".json") or accepted.best_match(["text/html", "application/json"]) == "application/json"
    )


def _domain_error(error: DomainError) -> Response:
    for elsewhere in current_app.extensions.get("elsewhere", ()) if error.status == 404 else ():
        answer: Response | None = elsewhere()
        if answer is not None:
            return answer
    return _answer(error.status, error.message)


def _csrf_error(_error: CSRFError) -> Response:
    if does_keep_words() and not wants_json():
        return kept_words(STALE if current_user.is_authenticated else LOGGED_OUT)
    return _answer(400, FORM_EXPIRED)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    response = _answer(error.code, _sentence(error))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _sentence(error: HTTPException) -> object:
    if error.code == 413 and "takes_megabytes" in g:
        return _l("This file is too large: at most %(megabytes)s MB are taken here.", megabytes=g.takes_megabytes)
    return SENTENCES.get(error.code or 500, error.description)


def _conflict(error: IntegrityError) -> Response:
    """Somebody else was quicker by a moment, and the schema held."""
    log.error("constraint refused a write", exc_info=error)
    return _answer(409, SENTENCES[409])


def _database_error(error: OperationalError) -> Response:
    """A database that is locked for too long, full, or away: nothing was written, so trying again is safe."""
    log.error("database failed", exc_info=error)
    # SQLite says "database or disk is full", PostgreSQL "No space left on device".
    is_full = any(words in str(error.orig) for words in ("disk is full", "No space left"))
    return _answer(503, DISK_FULL if is_full else SENTENCES[503])


def _unexpected_error(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _answer(503, DISK_FULL)
    return _answer(500, SENTENCES[500])


def _answer(status: int, sentence: object) -> Response:
    _end_reading()
    if status >= 500:
        _forget_person()
    request_id = g.get("request_id")
    try:
        response = _page(status, sentence, request_id)
    except Exception:
        log.exception("the page of an error could not be made", status=status)
        response = Response(_plain_page(status, sentence, request_id), mimetype="text/html")
    response.status_code = status
    return response


def _forget_person() -> None:
    """Nobody in particular reads from here on: the database, which knows them, may be what is broken."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001


def _end_reading() -> None:
    """Whatever was half done is undone, and the page of the error is made from what is in the database."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.exception("rolling back failed")


def _page(status: int, sentence: object, request_id: str | None) -> Response:
    if wants_json():
        return jsonify(error=str(sentence), status=status, request_id=request_id)
    return make_response(render_template("errors/error.html", status=status, sentence=sentence, request_id=request_id))


def _plain_page(status: int, sentence: object, request_id: str | None) -> str:
    try:
        text = str(sentence)
    except Exception:
        # Translating it is what fails.
        log.exception("a sentence could not be translated")
        text = "Something broke on our side. What you saved before is safe. Try again in a minute."
    return PLAIN_PAGE.format(status=status, sentence=escape(text), request_id=escape(request_id or ""))
