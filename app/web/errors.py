"""Every error ends in a page (or a JSON object) with a sentence that says what to do next."""

from __future__ import annotations

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel.db import db
from app.kernel.errors import DomainError

log = structlog.get_logger()

SENTENCES = {
    400: _l("The request could not be understood. Go back, load the page again and repeat the last step."),
    401: _l("Please log in first."),
    403: _l("You may not do that here."),
    404: _l("There is nothing at this address, or it is not for you to see. Search for it, or start from the home page."),
    405: _l("This address does not take that kind of request. Go back and use the buttons of the page."),
    409: _l("That does not fit with how things stand now. Load the page again to see the present state."),
    413: _l("That was too large to be taken. Shorten the text and send it again."),
    414: _l("The address is too long. Use fewer filters or a shorter search."),
    429: _l("That was too often in a short time. Wait a minute and try again."),
    500: _l("Something broke on our side. What you saved before is safe. Try again; if it happens again, give the number below to an administrator."),
    503: _l("Too much is going on at this moment. Nothing was changed; try again in a few seconds."),
}
FORM_EXPIRED = _l("This form is no longer valid, because you were logged out or in since it was opened. Go back, load the page again and send it once more.")


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ObjectDeletedError, lambda _error: _answer(404, SENTENCES[404]))
    app.register_error_handler(StaleDataError, lambda _error: _answer(409, SENTENCES[409]))
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected_error)


def _domain_error(error: DomainError) -> Response:
    return _answer(error.status, error.message)


def _csrf_error(_error: CSRFError) -> Response:
    return _answer(400, FORM_EXPIRED)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    response = _answer(error.code, SENTENCES.get(error.code, error.description))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _database_error(error: OperationalError) -> Response:
    """A database that is locked for too long, full, or away: nothing was written, so trying again is safe."""
    log.exception("database failed", error=str(error.orig))
    return _answer(503, SENTENCES[503])


def _unexpected_error(_error: Exception) -> Response:
    log.exception("unexpected error")
    return _answer(500, SENTENCES[500])


def _answer(status: int, sentence: object) -> Response:
    db.session.rollback()
    request_id = g.get("request_id")
    if request.path.endswith(".json") or request.accept_mimetypes.best == "application/json":
        response = jsonify(error=str(sentence), status=status, request_id=request_id)
    else:
        response = make_response(
            render_template("errors/error.html", status=status, sentence=sentence, request_id=request_id)
        )
    response.status_code = status
    return response
