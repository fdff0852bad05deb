"""What is typed on the page of an engagement. `revision` says which saving a form was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.capabilities.choices import LEVEL_CHOICES
from app.coaching.engagements.service import GoalDraft
from app.coaching.rules import MAX_GOAL_LINE, MAX_OUTCOME, MAX_REASON, MAX_TITLE
from app.kernel.errors import DomainError
from app.web.forms import REQUIRED, DayField, Form, choices, fail, grouped_choices
from app.web.numbers import sent_revision, whole_number

_LINE = Length(max=MAX_GOAL_LINE, message=_l("Use at most 500 characters."))


class Revised(Form):
    revision = HiddenField(default="0")

    @property
    def was(self) -> int:
        return sent_revision(self.revision.data)

    def overtaken(self, error: DomainError, revision: int) -> None:
        """Somebody was quicker. Whoever sends it once more has seen what was saved at `revision`."""
        self.blame(error)
        self.revision.data = str(revision)


class GoalForm(Form):
    capability = SelectField(_l("Capability"), default="")
    from_level = SelectField(_l("From"), choices=LEVEL_CHOICES, default="")
    to_level = SelectField(_l("To"), choices=LEVEL_CHOICES, default="")
    # Several of these forms stand on one page, so each names its fields of one name.
    text = StringField(_l("In words"), id="goal-text", validators=[_LINE], render_kw={"maxlength": MAX_GOAL_LINE})

    def offer(self, areas: Mapping[str, Sequence[tuple[int, str]]]) -> GoalForm:
        self.capability.choices = grouped_choices(_l("None in particular"), areas)
        return self

    def validate_text(self, field: StringField) -> None:
        if not field.data and not self.capability.data:
            fail(_l("Choose a capability, or say it in words."))

    @property
    def draft(self) -> GoalDraft:
        return GoalDraft(
            capability_id=whole_number(self.capability.data),
            from_level=whole_number(self.from_level.data),
            to_level=whole_number(self.to_level.data),
            text=self.text.data or "",
        )


class NoteForm(Revised):
    on = DayField(_l("Day"), validators=[InputRequired(_l("Choose a day."))])
    text = TextAreaField(
        _l("Note"),
        id="note-text",
        validators=[REQUIRED, Length(max=20_000, message=_l("Use at most 20000 characters."))],
        render_kw={"rows": 6},
    )


class ActionForm(Revised):
    text = StringField(
        _l("What was agreed"), id="action-text", validators=[REQUIRED, _LINE], render_kw={"maxlength": MAX_GOAL_LINE}
    )
    owner = SelectField(_l("Whose it is"), default="")
    due_on = DayField(_l("By when"), validators=[Optional()])

    def offer(self, people: Iterable[tuple[int, str]]) -> ActionForm:
        self.owner.choices = choices([("", _l("Everybody together")), *people])
        return self

    @property
    def owner_id(self) -> int | None:
        return whole_number(self.owner.data)


class SessionForm(Form):
    slug = SelectField(_l("Session"))

    def offer(self, sessions: Iterable[tuple[str, str]]) -> SessionForm:
        self.slug.choices = choices(sessions)
        return self


class FrameForm(Revised):
    title = StringField(_l("Title"), validators=[REQUIRED, Length(max=MAX_TITLE)], render_kw={"maxlength": MAX_TITLE})
    ends_on = DayField(_l("Meant to end"), validators=[Optional()])
    outcome = TextAreaField(
        _l("What came of it so far"),
        validators=[Length(max=MAX_OUTCOME, message=_l("Use at most 5000 characters."))],
        render_kw={"rows": 6, "maxlength": MAX_OUTCOME},
    )


class EndForm(Form):
    outcome = TextAreaField(
        _l("What came of it"),
        validators=[REQUIRED, Length(max=MAX_OUTCOME, message=_l("Use at most 5000 characters."))],
        render_kw={"rows": 6, "maxlength": MAX_OUTCOME},
    )
    reached = SelectMultipleField(
        _l("Goals that were reached"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, goals: Iterable[tuple[int, str]]) -> EndForm:
        self.reached.choices = [SelectChoice(goal_id, words) for goal_id, words in goals]
        if not self.reached.choices:
            del self.reached
        return self

    @property
    def reached_ids(self) -> list[int]:
        return list(self.reached.data or []) if "reached" in self else []


class FeedbackForm(Form):
    mark = RadioField(
        _l("How much did it help you?"),
        coerce=int,
        choices=[
            SelectChoice(5, _l("5: very much")),
            SelectChoice(4, _l("4: much")),
            SelectChoice(3, _l("3: somewhat")),
            SelectChoice(2, _l("2: little")),
            SelectChoice(1, _l("1: not at all")),
        ],
        validators=[InputRequired(_l("Choose a mark."))],
    )
    text = TextAreaField(
        _l("In words"),
        id="feedback-text",
        validators=[Length(max=MAX_REASON, message=_l("Use at most 1000 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_REASON},
    )
