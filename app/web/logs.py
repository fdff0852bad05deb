"""One line a request, and every other line of the same request under the same id."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

from app.config import Config

_INCOMING_ID = re.compile(r"[\w.-]{6,64}")
# The shortest token of ours has 34 characters.
_SECRET = re.compile(r"[^/]{30,}")
log = structlog.get_logger()


def configure(config: Config) -> None:
    """Send structlog and the standard library's loggers to standard error, as text or JSON."""
    level = logging.getLevelNamesMapping()[config.log_level.upper()]
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if config.log_format == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not config.testing,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[_drop_record, *renderer], foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _INCOMING_ID.fullmatch(given) else secrets.token_hex(8)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    milliseconds = round((time.perf_counter() - g.started) * 1000, 1)
    write = log.warning if response.status_code >= 500 else log.info
    write("request", method=request.method, path=_path(), status=response.status_code, ms=milliseconds)
    return response


def _path() -> str:
    """The path asked for; of a link that is as good as a password only its shape. Where no view was found for it, as for a
    calendar program that asks with PROPFIND, every part that is long enough may be such a secret.
    """
    if request.url_rule is None:
        return _SECRET.sub("…", request.path)
    return str(request.url_rule) if "token" in (request.view_args or {}) else request.path


def _drop_record(
    _logger: structlog.types.WrappedLogger, _name: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event
