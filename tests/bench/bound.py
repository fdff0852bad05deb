"""The bound: what Flask, SQLAlchemy and Jinja do at least to show a stored page, and to give away a seat.

Nobody can log in, nothing is checked, no header is set: a site made of these parts can come near this and not beyond.
"""

from __future__ import annotations

import os

from flask import Flask, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, CursorResult, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DATABASE = "BOUND_DATABASE"
LIGHTEST = 200
FRAME = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body>{{ page.html|safe }}</body>
</html>"""


class Base(DeclarativeBase):
    pass


class StoredPage(Base):
    """A page that weighs `weight` bytes when it is shown."""

    __tablename__ = "page"

    weight: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    html: Mapped[str]


class Course(Base):
    __tablename__ = "course"
    __table_args__ = (CheckConstraint("taken <= capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class Place(Base):
    __tablename__ = "place"

    person: Mapped[int] = mapped_column(primary_key=True)
    has_seat: Mapped[bool]


db = SQLAlchemy(model_class=Base)


def create_app(database: str) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    db.init_app(app)
    frame = app.jinja_env.from_string(FRAME)

    @app.get("/page/<int:weight>")
    def page(weight: int) -> str:
        stored = db.session.execute(select(StoredPage).where(StoredPage.weight == weight)).scalar_one()
        return render_template(frame, page=stored)

    @app.post("/seat/<int:person>")
    def seat(person: int) -> ResponseReturnValue:
        """The bare conditional update. A seat where there is one, else the waiting list."""
        taken: CursorResult[tuple[int]] = db.session.execute(
            update(Course).where(Course.id == 1, Course.taken < Course.capacity).values(taken=Course.taken + 1)
        )  # type: ignore[assignment]
        db.session.add(Place(person=person, has_seat=taken.rowcount == 1))
        db.session.commit()
        return redirect(f"/page/{LIGHTEST}", 303)

    return app


def prepare(app: Flask, capacity: int) -> None:
    """Make the tables, the lightest page, and a course with so many seats."""
    with app.app_context():
        db.session.execute(text("PRAGMA journal_mode = WAL"))
        db.create_all()
        db.session.add(Course(id=1, capacity=capacity))
        db.session.commit()
    store(app, "", LIGHTEST)


def store(app: Flask, html: str, weight: int) -> None:
    """Put a page into the database that weighs exactly `weight` bytes when it is shown, made of `html`."""
    with app.app_context():
        if db.session.get(StoredPage, weight) is None:
            with app.test_request_context():
                frame = len(render_template(app.jinja_env.from_string(FRAME), page=StoredPage(title="Bound", html="")))
            room = max(0, weight - frame)
            cut = html.encode()[:room].decode(errors="ignore")
            db.session.add(StoredPage(weight=weight, title="Bound", html=cut + " " * (room - len(cut.encode()))))
            db.session.commit()


def count_places(app: Flask) -> tuple[int, int]:
    """How many have a seat, and how many wait."""
    with app.app_context():
        seats = [place.has_seat for place in db.session.execute(select(Place)).scalars()]
        return seats.count(True), seats.count(False)


if DATABASE in os.environ:
    app = create_app(os.environ[DATABASE])
