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
from dataclasses import dataclass
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

View = TypeVar("View", bound=Callable[..., str])
_GAP = re.compile(r"<!--part ([\w-]+) ([\w.-]*)-->")


@dataclass(frozen=True, slots=True)
class Piece:
    """HTML with gaps, each a name and an argument: text, gap, text, gap … text. Cut once, so that filling is joining."""

    texts: Sequence[str]
    gaps: Sequence[tuple[str, str]]

    @classmethod
    def cut(cls, html: str) -> Piece:
        # As plain text: to join Markup to text would escape the text.
        pieces = _GAP.split(str(html))
        return cls(pieces[::3], list(zip(pieces[1::3], pieces[2::3], strict=True)))

    def __len__(self) -> int:
        return sum(map(len, self.texts))


# A part gets the arguments of all its gaps on a page, so that one query does for all, and answers each with HTML.
Part = Callable[[Sequence[str]], Iterable[str | Piece]]


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


def _person() -> Piece:
    return own("person", lambda: render_template("_person.html"))


def register(app: Flask, parts: Mapping[str, Part]) -> None:
    app.extensions["parts"].update(parts)


def alone(make: Callable[[], str | Piece]) -> Part:
    """The part that has no argument and is `make()`."""
    return lambda _arguments: [make()]


def shared_unless(sees_more: Callable[[Any], bool]) -> Callable[[View], View]:
    """`@shared_page`, but for members who are shown something else than the others: theirs are made for each of them."""

    def mark(view: View) -> View:
        @wraps(view)
        def answer(**address: Any) -> str:
            def make() -> str:
                return view(**address)

            is_visitor = not current_user.is_authenticated
            if is_visitor or len(request.full_path) > MAX_PATH or sees_more(current_user):
                return in_one_go(make)
            try:
                key = ("page", request.full_path, request_theme(), "HX-Request" in request.headers)
                return _filled(shared(key, make))
            except NotFoundError:
                return in_one_go(make)

        return stored_page(answer)  # type: ignore[return-value]

    return mark


def shared_page(view: View) -> View:
    """Mark a GET view whose page is the same for everybody who reads in one language, zone and theme but for its parts.

    What is not there for everybody, such as a draft, is made for the one who asks. Implies `@stored_page`.
    """
    return shared_unless(_nobody)(view)


def shared_as(key: Hashable, make: Callable[[], str]) -> Markup:
    """A page for members that is the same for all who have the same `key`. For pages that show rows of quiet tables, which count
    no revision: what is in the key has to differ whenever such a row does, and wherever somebody is shown something else.
    """
    if len(request.full_path) > MAX_PATH:
        return in_one_go(make)
    return _filled(shared(("page", request.full_path, request_theme(), key), make))


def _nobody(_person: Any) -> bool:
    return False


def shared(key: Hashable, make: Callable[[], str]) -> Piece:
    """A piece of a page, the same for all members; kept as `stored()` keeps it. For visitors there is one of its own."""
    return stored(("shared", key, current_user.is_authenticated, request_zone()), lambda: for_everybody(make))


def own(key: Hashable, make: Callable[[], str]) -> Piece:
    """A piece of a page that is the same for one member as long as nothing shown changes."""

    def made() -> Piece:
        with _leaving_gaps():
            return Piece.cut(make())

    return stored(("own", key, current_user.get_id()), made)


def for_everybody(make: Callable[[], str]) -> Piece:
    """What `make` gives while nobody in particular is logged in. Visitors stay visitors."""
    # What pages may depend on is asked while it is still known who reads.
    request_language()
    request_zone()
    logged_in = current_user._get_current_object()  # noqa: SLF001
    g._login_user = Anybody() if logged_in.is_authenticated else logged_in  # noqa: SLF001
    try:
        with _leaving_gaps():
            return Piece.cut(make())
    finally:
        g._login_user = logged_in  # noqa: SLF001


def in_one_go(make: Callable[[], str]) -> Markup:
    """What `make` gives for this reader alone, with each sort of part asked once."""
    with _leaving_gaps():
        page = make()
    return _filled(Piece.cut(page))


def part(name: str, argument: object = "") -> Markup:
    """A part of the reader's own, or the gap for it on a page that is not the reader's own."""
    if g.get("leaves_gaps"):
        return Markup("<!--part {} {}-->").format(name, argument)
    return _filled(Piece(("", ""), [(name, str(argument))]))


def reader() -> Any | None:
    """Who reads; None for visitors, and while a page for everybody is made."""
    person = current_user._get_current_object()  # noqa: SLF001
    return person if person.is_authenticated and not isinstance(person, Anybody) else None


def _filled(piece: Piece) -> Markup:
    return Markup(_fill(piece, {}))  # noqa: S704  # our own templates


def _fill(piece: Piece, made: dict[tuple[str, str], str]) -> str:
    """The text of `piece`. `made` are the parts that are there already; new ones are added."""
    wanted: dict[str, list[str]] = {}
    for name, argument in dict.fromkeys(piece.gaps):
        if (name, argument) not in made:
            wanted.setdefault(name, []).append(argument)
    for name, arguments in wanted.items():
        for argument, html in zip(arguments, current_app.extensions["parts"][name](arguments), strict=True):
            made[name, argument] = _fill(html, made) if isinstance(html, Piece) else str(html)
    return piece.texts[0] + "".join([made[gap] + text for gap, text in zip(piece.gaps, piece.texts[1:], strict=True)])


@contextmanager
def _leaving_gaps() -> Iterator[None]:
    before = g.get("leaves_gaps", False)
    g.leaves_gaps = True
    try:
        yield
    finally:
        g.leaves_gaps = before
