"""What is typed when somebody reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.forms import REQUIRED, Form
from app.web.numbers import sent_revision
from app.writing.review.rules import (
    CRITERION_NAMES,
    DECISION_NAMES,
    MARK_NAMES,
    MAX_BECAUSE,
    MAX_REMARK,
    MEANINGS,
    Criterion,
    Mark,
)
from app.writing.review.service import Verdict
from app.writing.rules import MAX_COMMENT, Step

CHOOSE = InputRequired(_l("Choose one."))
MARKS = [SelectChoice(mark.value, name) for mark, name in MARK_NAMES.items()]


def _marked(criterion: Criterion) -> RadioField:
    return RadioField(CRITERION_NAMES[criterion], choices=MARKS, validators=[CHOOSE])


class DecisionForm(Form):
    """A reviewer's word on the version `number`. Nothing is chosen beforehand: whoever decides has looked at each."""

    number = HiddenField()
    evidence = _marked(Criterion.EVIDENCE)
    clarity = _marked(Criterion.CLARITY)
    usefulness = _marked(Criterion.USEFULNESS)
    sensitive = _marked(Criterion.SENSITIVE)
    decision = RadioField(
        _l("Decision"),
        choices=[SelectChoice(step.value, name) for step, name in DECISION_NAMES.items()],
        validators=[CHOOSE],
    )
    comment = TextAreaField(
        _l("Reason"),
        validators=[Length(max=MAX_COMMENT, message=_l("Use at most 4,000 characters."))],
        render_kw={"rows": 4, "maxlength": MAX_COMMENT},
    )

    @property
    def rubric(self) -> list[tuple[RadioField, Mapping[Mark, object]]]:
        """The fields of the rubric with what each mark means."""
        return [(self[name.value], MEANINGS[name]) for name in Criterion]

    @property
    def verdict(self) -> Verdict:
        """What the valid form says."""
        return Verdict(
            number=sent_revision(self.number.data),
            step=Step(self.decision.data),
            marks={name: Mark(self[name.value].data) for name in Criterion},
            reason=self.comment.data or "",
        )


class RemarkForm(Form):
    """Something said about a passage: `quote` is what was selected, else `passage` the number of a paragraph, else it is about
    the whole field.
    """

    number = HiddenField()
    field = HiddenField(validators=[REQUIRED])
    quote = HiddenField()
    prefix = HiddenField()
    suffix = HiddenField()
    passage = StringField()
    text = TextAreaField(
        _l("Remark"),
        validators=[REQUIRED, Length(max=MAX_REMARK, message=_l("Use at most 2,000 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_REMARK},
    )


class ReviewerForm(Form):
    """Who is to review, by address."""

    email = EmailField(
        _l("E-mail address"),
        validators=[REQUIRED, Length(max=254)],
        render_kw={"autocomplete": "off", "list": "reviewers-known"},
    )


class CapabilitiesForm(Form):
    capabilities = SelectMultipleField(
        _l("Reviews texts on"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        coerce=int,
    )

    def offer(self, areas: Mapping[str, Sequence[tuple[int, str]]]) -> CapabilitiesForm:
        self.capabilities.choices = [
            SelectChoice(number, f"{area}: {name}") for area, choices in areas.items() for number, name in choices
        ]
        return self


class WordsForm(Form):
    words = TextAreaField(
        _l("Names, each on a line of its own"),
        validators=[REQUIRED, Length(max=20_000, message=_l("Use at most 20,000 characters."))],
        render_kw={"rows": 4},
    )

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.words.data or "").splitlines() if line.strip()]


class HandBackForm(Form):
    reason = TextAreaField(
        _l("Why not you"),
        validators=[REQUIRED, Length(max=MAX_BECAUSE, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_BECAUSE},
    )
