"""Pages that are made once for all members, but for a few parts of each reader's own: the menu with the name, the
button that is right for this person now.

Where a template calls `part()`, such a page has a gap, which is filled for each request. Gaps are comments; comments in
what people write never get this far, for they are cleaned away or escaped. While a page for everybody is made nobody in
particular is logged in (`Anybody`), so that nothing of one person's can get into what all the others see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, g, get_flashed_messages, render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.kernel.errors import NotFoundError
from app.web.i18n import request_language, request_zone
from app.web.stored import MAX_PATH, stored, stored_page
from app.web.theme import request_theme

# A part gets the arguments of all its gaps on a page, so that one query does for all, and answers each with HTML.
Part = Callable[[Sequence[str]], Iterable[str]]
View = TypeVar("View", bound=Callable[..., str])
_GAP = re.compile(r"<!--part ([\w-]+) ([\w.-]*)-->")


class Anybody:
    """Who reads while a page for all members is made. Whoever asks for the name or the rights gets an AttributeError."""

    is_authenticated = True


def init_app(app: Flask) -> None:
    app.extensions["parts"] = {"csrf": alone(generate_csrf), "flashes": alone(_flashes), "person": alone(_person)}
    app.jinja_env.globals["part"] = part
    # In place of what Flask-WTF puts there: the token is a session's, so on a page for everybody it is a part.
    app.jinja_env.globals["csrf_token"] = _csrf_token
    app.context_processor(lambda: {"csrf_token": _csrf_token})


def _csrf_token() -> str:
    return part("csrf") if g.get("leaves_gaps") else generate_csrf()


def _flashes() -> str:
    messages = get_flashed_messages(with_categories=True)
    return render_template("_flashes.html", messages=messages) if messages else ""


def _person() -> str:
    return own("person", lambda: render_template("_person.html"))


def register(app: Flask, parts: Mapping[str, Part]) -> None:
    app.extensions["parts"].update(parts)


def alone(make: Callable[[], str]) -> Part:
    """The part that has no argument and is `make()`."""
    return lambda _arguments: [make()]


def shared_page(view: View) -> View:
    """Mark a GET view whose page is the same for everybody who reads in one language, zone and theme but for its parts.

    What is not there for everybody, such as a draft, is made for the one who asks. Implies `@stored_page`.
    """

    @wraps(view)
    def answer(**address: Any) -> str:
        def make() -> str:
            return view(**address)

        if not current_user.is_authenticated or len(request.full_path) > MAX_PATH:
            return in_one_go(make)
        try:
            key = ("page", request.full_path, request_theme(), "HX-Request" in request.headers)
            return _filled(shared(key, make))
        except NotFoundError:
            return in_one_go(make)

    return stored_page(answer)  # type: ignore[return-value]


def shared(key: Hashable, make: Callable[[], str]) -> Markup:
    """A piece of a page, the same for all members, with gaps; kept as `stored()` keeps it. For visitors there is one of
    its own.
    """
    is_member: bool = current_user.is_authenticated

    def made() -> Markup:
        with for_everybody():
            return Markup(make())  # noqa: S704  # our own template

    return stored(("shared", key, is_member, request_zone()), made)


def own(key: Hashable, make: Callable[[], str]) -> Markup:
    """A piece of a page that is the same for one member as long as nothing shown changes, with gaps."""

    def made() -> Markup:
        with _leaving_gaps():
            return Markup(make())  # noqa: S704  # our own template

    return stored(("own", key, current_user.get_id()), made)


def in_one_go(make: Callable[[], str]) -> Markup:
    """What `make` gives for this reader alone, with each sort of part asked once."""
    with _leaving_gaps():
        page = make()
    return _filled(page)


def part(name: str, argument: object = "") -> Markup:
    """A part of the reader's own, or the gap for it on a page that is not the reader's own."""
    gap = Markup("<!--part {} {}-->").format(name, argument)
    return gap if g.get("leaves_gaps") else _filled(gap)


@contextmanager
def for_everybody() -> Iterator[None]:
    """What is made in here leaves gaps, and nobody in particular is logged in. Visitors stay visitors."""
    # What pages may depend on is asked while it is still known who reads.
    request_language()
    request_zone()
    logged_in = current_user._get_current_object()  # noqa: SLF001
    g._login_user = Anybody() if logged_in.is_authenticated else logged_in  # noqa: SLF001
    try:
        with _leaving_gaps():
            yield
    finally:
        g._login_user = logged_in  # noqa: SLF001


def reader() -> Any | None:
    """Who reads; None for visitors, and while a page for everybody is made."""
    person = current_user._get_current_object()  # noqa: SLF001
    return person if person.is_authenticated and not isinstance(person, Anybody) else None


def _filled(page: str) -> Markup:
    # Parts may have parts of their own: the token of a form.
    while len(pieces := _GAP.split(page)) > 1:
        gaps = list(zip(pieces[1::3], pieces[2::3], strict=True))
        parts = _made(gaps)
        page = pieces[0] + "".join(parts[gap] + text for gap, text in zip(gaps, pieces[3::3], strict=True))
    return Markup(page)  # noqa: S704  # our own templates


def _made(gaps: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The HTML for each gap, which has a name and an argument."""
    arguments: dict[str, list[str]] = {}
    for name, argument in dict.fromkeys(gaps):
        arguments.setdefault(name, []).append(argument)
    return {
        (name, argument): html
        for name, wanted in arguments.items()
        for argument, html in zip(wanted, current_app.extensions["parts"][name](wanted), strict=True)
    }


@contextmanager
def _leaving_gaps() -> Iterator[None]:
    before = g.get("leaves_gaps", False)
    g.leaves_gaps = True
    try:
        yield
    finally:
        g.leaves_gaps = before
