"""What is typed about a course, about a series, and about how far a change of a session reaches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.capabilities.choices import LEVEL_CHOICES
from app.kernel.errors import InvalidInputError
from app.training.courses.models import Course
from app.training.courses.retelling import on_day
from app.training.courses.rules import (
    MAX_DATES,
    MAX_SUMMARY,
    PATTERN_NAMES,
    SCOPE_NAMES,
    Pattern,
    Plan,
    Scope,
    naming,
    plan_series,
    read_days,
)
from app.training.courses.service import CourseDetails
from app.training.forms import NOT_ON_ONE, TrainingForm
from app.training.service import Details
from app.web.forms import REQUIRED, Form, choices, grouped_choices
from app.web.i18n import LANGUAGE_NAMES

_SEEN = re.compile(r"([0-9]{1,9}):([0-9]{1,9})", re.ASCII)


def _checkboxes(label: object, **given: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **given,
    )


class SessionForm(TrainingForm):
    """A session's details with the course that it is a session of."""

    course = SelectField(_l("Course"), default="")

    def offer_courses(self, courses: Sequence[tuple[int, str]]) -> None:
        self.course.choices = choices([("", _l("No course: a session by itself")), *courses])

    @property
    def details(self) -> Details:
        return replace(super().details, course_id=int(self.course.data) if self.course.data else None)


class AnnounceForm(SessionForm):
    """A new session, or with `repeat` a series of them. `token` tells a form that is sent twice from two forms; `previewed`
    says which dates the person has been shown, `copied` which session this is a copy of. `plan` holds the days once the form is valid.
    """

    token = HiddenField(validators=[Length(max=64)])
    copied = HiddenField(validators=[Length(max=80)])
    previewed = HiddenField()
    repeat = SelectField(
        _l("Repeat"), choices=choices([("", _l("It takes place once")), *PATTERN_NAMES.items()]), default=""
    )
    until = DateField(_l("Until"), validators=[Optional()])
    count = IntegerField(
        _l("Number of dates"),
        validators=[Optional(), NumberRange(2, 999, message=_l("A series has at least two dates."))],
        render_kw={"min": 2, "max": MAX_DATES},
    )
    exceptions = TextAreaField(
        _l("Days to leave out"),
        validators=[Optional(), Length(max=2000, message=_l("Use at most 2,000 characters."))],
        render_kw={"rows": 2},
    )
    left_out = SelectMultipleField(_l("Left out"), validate_choice=False)

    plan: Plan | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        self.plan = None
        if not valid or not self.repeat.data:
            return valid
        try:
            self.plan = self._plan()
            for day in self.plan.kept:
                with naming(day):
                    on_day(self.details, day)
        except InvalidInputError as error:
            self.blame(error)
            return False
        return True

    def _plan(self) -> Plan:
        ticked = {day for text in self.left_out.data[:MAX_DATES] for day in _day(text)}
        return plan_series(
            Pattern(self.repeat.data),
            self.starts_at.data.date(),
            until=self.until.data,
            count=self.count.data,
            left_out=self.typed_out | ticked,
        )

    @property
    def typed_out(self) -> frozenset[date]:
        """The days that were typed as exceptions. Raises InvalidInputError for what is no day."""
        return read_days(self.exceptions.data or "")

    @property
    def mark(self) -> str:
        """Names the dates of the plan, those that are left out too."""
        assert self.plan is not None
        return f"{self.repeat.data}:{self.plan.days[0]}:{self.plan.days[-1]}:{len(self.plan.days)}"


def _day(text: str) -> list[date]:
    """The day that a tick sends; none for anything else."""
    try:
        return [date.fromisoformat(text)]
    except ValueError:
        return []


class EditForm(SessionForm):
    """A session that is there. `scope` says of which sessions of its series the change is said, `seen` holds their revisions."""

    scope = RadioField(_l("Save it for"), choices=choices(SCOPE_NAMES.items()), default=Scope.ONE)
    seen = HiddenField(validators=[Length(max=5000)])

    @property
    def revisions(self) -> dict[int, int]:
        """{id: revision} of the sessions of the series as the person saw them."""
        return {int(found[1]): int(found[2]) for found in _SEEN.finditer(self.seen.data or "")}


def as_seen(revisions: Mapping[int, int]) -> str:
    return " ".join(f"{training_id}:{revision}" for training_id, revision in revisions.items())


class CourseForm(Form):
    """What is said about a course."""

    revision = HiddenField()
    title = StringField(_l("Title"), validators=[REQUIRED, Length(max=120, message=_l("Use at most 120 characters."))])
    summary = StringField(
        _l("In one sentence"),
        validators=[REQUIRED, Length(max=MAX_SUMMARY, message=_l("Use at most 300 characters."))],
    )
    description = TextAreaField(
        _l("What is taught"), validators=[REQUIRED, Length(max=20_000, message=_l("Use at most 20,000 characters."))]
    )
    language = SelectField(_l("Language of this page"), choices=choices(LANGUAGE_NAMES.items()))
    capability = SelectField(_l("Capability"))
    level = SelectField(_l("Level"), choices=LEVEL_CHOICES)
    coaches = SelectMultipleField(
        _l("Coaches who teach it"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    before = _checkboxes(_l("Courses to attend before"), coerce=int)
    practices = _checkboxes(_l("Practices to read before"))

    def offer(
        self,
        areas: Mapping[str, Sequence[tuple[int, str]]],
        coaches: Sequence[tuple[int, str]],
        courses: Sequence[tuple[int, str]],
        practices: Sequence[tuple[str, str]],
    ) -> None:
        """Fill in what can be chosen: capabilities by the name of their area, and the rest."""
        self.capability.choices = grouped_choices(NOT_ON_ONE, areas)
        self.coaches.choices = choices(coaches)
        self.before.choices = choices(courses)
        self.practices.choices = choices(practices)

    @property
    def details(self) -> CourseDetails:
        """What the valid form says."""
        return CourseDetails(
            title=self.title.data,
            summary=" ".join(self.summary.data.split()),
            description=self.description.data.replace("\r\n", "\n"),
            language=self.language.data,
            capability_id=int(self.capability.data) if self.capability.data else None,
            level=int(self.level.data) if self.level.data else None,
            coach_ids=self.coaches.data,
            practices=self.practices.data or (),
            before=self.before.data or (),
        )


def typed_course(course: Course) -> dict[str, Any]:
    """A course as its form holds it."""
    return {
        **{name: getattr(course, name) for name in ("revision", "title", "summary", "description", "language")},
        "capability": str(course.capability_id or ""),
        "level": str(course.level or ""),
        "coaches": [row.user_id for row in course.coach_rows],
        "before": [row.before_id for row in course.before_rows],
        "practices": course.practices,
    }
