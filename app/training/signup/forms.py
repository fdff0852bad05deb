"""What is typed on the pages of signing up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.training.forms import FORMATS, moment_in, reading_of
from app.training.models import TrainingSession
from app.training.rules import MAX_REASON, WAITING_NAMES, Waiting
from app.training.seats.models import SignupQuestion
from app.training.seats.questions import FORM_NAMES, MAX_ANSWER, YES, Question
from app.training.seats.questions import Form as QuestionKind
from app.training.seats.settings import Settings
from app.web.forms import REQUIRED, Form, Rows, fail
from app.web.numbers import whole_number

NUMBER = NumberRange(min=1, max=1000, message=_l("Choose a number between 1 and 1,000."))


class SettingsForm(Form):
    revision = HiddenField()
    needs_approval = BooleanField(_l("A coach says yes to each person"))
    waiting = RadioField(
        _l("When a seat becomes free"), choices=[SelectChoice(key.value, name) for key, name in WAITING_NAMES.items()]
    )
    offer_hours = IntegerField(_l("Hours to answer"), validators=[REQUIRED])
    absentees_last = BooleanField(_l("Who missed two sessions without a word in half a year waits behind the others"))
    minimum = IntegerField(_l("People it needs to take place"), validators=[Optional(), NUMBER])
    decide_at = DateTimeLocalField(_l("It is decided"), validators=[Optional()], format=FORMATS)

    def settings(self, zone_name: str) -> Settings:
        """What the valid form says. Raises InvalidInputError."""
        decided = moment_in(self.decide_at, zone_name)
        return Settings(
            needs_approval=self.needs_approval.data,
            waiting=Waiting(self.waiting.data),
            offer_hours=self.offer_hours.data,
            absentees_last=self.absentees_last.data,
            minimum=self.minimum.data,
            decide_at=decided.moment if decided else None,
        )


def present_settings(training: TrainingSession) -> dict[str, Any]:
    """A session's settings as the form holds them."""
    same = ("revision", "needs_approval", "waiting", "offer_hours", "absentees_last", "minimum")
    return {
        **{name: getattr(training, name) for name in same},
        "decide_at": reading_of(training.decide_at, training.time_zone),
    }


class QuestionForm(Form):
    """One question. A row without a text is no question."""

    class Meta(Form.Meta):
        csrf = False

    id = HiddenField()
    label = StringField(_l("Question"), validators=[Length(max=200, message=_l("Use at most 200 characters."))])
    kind = SelectField(_l("Answered by"), choices=[SelectChoice(key.value, name) for key, name in FORM_NAMES.items()])
    options = TextAreaField(
        _l("Answers to choose from"),
        description=_l("One on each line"),
        validators=[Optional(), Length(max=1500, message=_l("Use at most 1,500 characters."))],
        render_kw={"rows": 3},
    )
    is_required = BooleanField(_l("Has to be answered"))

    @property
    def question(self) -> Question:
        return Question(
            form=QuestionKind(self.kind.data),
            label=self.label.data,
            options=tuple(line.strip()[:120] for line in (self.options.data or "").splitlines() if line.strip()),
            is_required=self.is_required.data,
            id=whole_number(self.id.data),
        )


class QuestionsForm(Form):
    questions = Rows(FormField(QuestionForm), max_entries=14)

    @property
    def written(self) -> list[Question]:
        """The rows with a text, in order."""
        return [row.form.question for row in self.questions if row.form.label.data]


def present_questions(questions: Sequence[SignupQuestion], blank: int) -> list[dict[str, Any]]:
    """The questions as rows of the form, and so many empty rows."""
    rows = [
        {
            "id": each.id,
            "label": each.label,
            "kind": each.kind,
            "options": "\n".join(each.options),
            "is_required": each.is_required,
        }
        for each in questions
    ]
    return rows + [{"kind": QuestionKind.TEXT, "is_required": False} for _number in range(blank)]


def answers_form(questions: Sequence[SignupQuestion], given: Mapping[int, str]) -> Form:
    """The form that asks these questions, filled with what was answered before."""
    fields = {f"question-{each.id}": _field(each, given.get(each.id, "")) for each in questions}
    form: Form = type("AnswersForm", (Form,), fields)()
    return form


def _field(question: SignupQuestion, given: str) -> Any:
    needed = [REQUIRED] if question.is_required else [Optional()]
    if question.kind == QuestionKind.CHOICE:
        choices = [SelectChoice("", "…"), *(SelectChoice(option, option) for option in question.options)]
        return SelectField(question.label, validators=needed, choices=choices, default=given)
    if question.kind == QuestionKind.CONSENT:
        return BooleanField(question.label, validators=needed, default=given == YES)
    at_most = Length(max=MAX_ANSWER, message=_l("Use at most 500 characters."))
    return StringField(question.label, validators=[*needed, at_most], default=given)


def answers_of(form: Form) -> dict[int, str]:
    """{question id: answer} out of a form that `answers_form` made."""
    return {
        int(field.name.removeprefix("question-")): (YES if field.data else "")
        if isinstance(field, BooleanField)
        else field.data or ""
        for field in form
        if field.name.startswith("question-")
    }


class HoldForm(Form):
    team = SelectField(_l("Team"), coerce=int)
    seats = IntegerField(_l("Seats"), validators=[REQUIRED, NUMBER])
    until = DateTimeLocalField(_l("Held until"), validators=[REQUIRED], format=FORMATS)


class ReasonForm(Form):
    reason = StringField(
        _l("Reason"), validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 500 characters."))]
    )


class AdmitForm(ReasonForm):
    email = EmailField(_l("E-mail"), validators=[REQUIRED])


class TeamForm(Form):
    """Who of a team is to be signed up."""

    people = SelectMultipleField(
        _l("People"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def validate_people(self, field: SelectMultipleField) -> None:
        if not field.data:
            fail(_l("Choose at least one person."))
