"""Where editors find everything that they look after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from app.web.access import requires
from app.writing.keeping.policy import keeps_library

blueprint = Blueprint("library", __name__, template_folder="templates")


@dataclass(frozen=True)
class Task:
    """A page, what it is called, and when one goes there."""

    endpoint: str
    name: Any
    when: Any
    icon: str


TASKS: tuple[tuple[Any, tuple[Task, ...]], ...] = (
    (
        _l("Reviewing"),
        (
            Task(
                "review.queue",
                _l("What waits for a decision"),
                _l("With due dates, and how much everybody has."),
                "inbox",
            ),
            Task("review_desk.reviewers", _l("Who reviews what"), _l("The capabilities that people know."), "users"),
            Task("review_desk.guarded", _l("Guarded names"), _l("Names that must not be published."), "shield"),
        ),
    ),
    (
        _l("Keeping it true"),
        (
            Task("upkeep.index", _l("Kept true"), _l("What is due, overdue or nobody's."), "calendar-clock"),
            Task("keeping.index", _l("Retired texts"), _l("Where their addresses lead; bring one back."), "archive"),
            Task(
                "acknowledgements.index", _l("To read and confirm"), _l("Who has read what is required."), "list-checks"
            ),
            Task(
                "sources.index", _l("Bring documents in"), _l("From a zip file, or from repositories."), "file-archive"
            ),
        ),
    ),
    (
        _l("What readers make of it"),
        (
            Task("reads.index", _l("Reads"), _l("What is read most, and what nobody reads."), "eye"),
            Task("helpful.index", _l("Least helpful"), _l("Where readers say what is wrong."), "thumbs-down"),
            Task("search_desk.asked", _l("What people look for"), _l("And do not find."), "search"),
            Task("glossary.index", _l("Glossary"), _l("What means the same in both languages."), "languages"),
        ),
    ),
)


@blueprint.get("/library")
@requires(keeps_library)
def index() -> str:
    return render_template("admin/library.html", groups=TASKS)
