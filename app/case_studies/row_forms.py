"""The rows of the form of a case study: a number before and after, and a question with its answer."""

from __future__ import annotations

import math
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import FloatField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import NumberInput

from app.case_studies.doubts import questions
from app.case_studies.measures import DORA_KEYS, MEASURES, Measure, find_measure
from app.case_studies.rules import (
    MAX_CASES,
    MAX_FIGURE,
    MAX_PART,
    MAX_QUESTION,
    MAX_REMARK,
    Answer,
    MetricValues,
)
from app.web.forms import Form
from app.writing.desk.forms import NEEDED, at_most, plain

CASES = (
    Optional(),
    NumberRange(1, MAX_CASES, message=_l("Write a whole number above 0, or leave it empty.")),
)


class FigureField(FloatField):  # type: ignore[misc]
    """A number as people type it; what is typed stays when it cannot be one."""

    widget = NumberInput(step="any")

    def _value(self) -> str:
        """As people write it: 21 rather than 21.0."""
        if self.raw_data or self.data is None:
            return str(self.raw_data[0]) if self.raw_data else ""
        return str(int(self.data)) if float(self.data).is_integer() else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        try:
            self.data = float(text) if text else None
        except ValueError:
            self.data = math.nan
        if self.data is not None and not math.isfinite(self.data):
            self.data = None
            raise ValueError(_("Write a number, such as 4.5."))
        if self.data is not None and abs(self.data) > MAX_FIGURE:
            raise ValueError(_("The number is too large. Choose a larger unit."))


def measure_choices() -> list[SelectChoice]:
    """What is often measured, the five of software delivery first, and something else."""
    dora, others = _("Software delivery (DORA)"), _("Other measures")
    return [
        SelectChoice("", _("Something else, named below")),
        *(
            SelectChoice(each.key, each.name, optgroup=dora if each.key in DORA_KEYS else others)
            for each in sorted(MEASURES, key=lambda measure: measure.key not in DORA_KEYS)
        ),
    ]


class MetricForm(Form):
    """One row of the numbers. A row in which nothing is written does not count.

    Of a known measure the name, the direction and the usual unit need not be written.
    """

    class Meta(Form.Meta):
        csrf = False

    measure = SelectField(_l("What was measured"), choices=measure_choices, default="")
    name = StringField(_l("Called"), validators=[at_most(80)], render_kw={"autocomplete": "off"})
    before = FigureField(_l("Before"), validators=[NEEDED])
    after = FigureField(_l("After"), validators=[NEEDED])
    unit = StringField(_l("Unit"), validators=[NEEDED, at_most(40)], render_kw={"autocomplete": "off"})
    before_unit = StringField(
        _l("Unit before, if another"), validators=[Optional(), at_most(40)], render_kw={"autocomplete": "off"}
    )
    better = SelectField(
        _l("Better when"),
        choices=[SelectChoice("lower", _l("lower")), SelectChoice("higher", _l("higher"))],
        default="lower",
    )
    window = StringField(_l("Period"), validators=[NEEDED, at_most(80)])
    window_before = StringField(_l("Period before, if another"), validators=[Optional(), at_most(80)])
    cases_before = IntegerField(_l("Cases before"), validators=CASES, render_kw={"min": 1})
    cases_after = IntegerField(_l("Cases after"), validators=CASES, render_kw={"min": 1})
    source = StringField(_l("Source"), validators=[NEEDED, at_most(200)])
    remark = StringField(_l("Your answer"), validators=[Optional(), at_most(MAX_REMARK)])

    def values_in(self, language: str) -> MetricValues:
        """What was typed; what goes without saying for the measure is filled in, in the language of the story."""
        known = self.known
        usual = known.choices[0].name_in(language) if known else ""
        return MetricValues(
            name=self.name.data or (known.names[language] if known else ""),
            before=self.before.data,
            after=self.after.data,
            unit=self.unit.data or usual,
            better=known.better if known else self.better.data,
            window=self.window.data or "",
            source=self.source.data or "",
            measure=self.measure.data or "",
            before_unit=self.before_unit.data or "",
            window_before=self.window_before.data or "",
            cases_before=self.cases_before.data,
            cases_after=self.cases_after.data,
            remark=self.remark.data or "",
        )

    @property
    def known(self) -> Measure | None:
        return find_measure(self.measure.data or "")

    @property
    def doubts(self) -> list[LazyString]:
        """What to ask whoever wrote it, as far as something is written."""
        has_numbers = self.before.data is not None or self.after.data is not None
        return questions(self.values_in("en")) if has_numbers else []

    @property
    def is_blank(self) -> bool:
        return not any(field.raw_data and field.raw_data[0].strip() for field in self if field is not self.better)


class AnswerForm(Form):
    """One question of an interview. A row in which nothing is written does not count."""

    class Meta(Form.Meta):
        csrf = False

    question = StringField(_l("Question"), validators=[NEEDED, at_most(MAX_QUESTION)])
    answer = TextAreaField(
        _l("Answer"), validators=[NEEDED, at_most(MAX_PART)], render_kw={"rows": 6, "data-prose": ""}
    )

    @property
    def values(self) -> Answer:
        return Answer(" ".join((self.question.data or "").split()), plain(self.answer.data) or "")

    @property
    def is_blank(self) -> bool:
        return not (self.question.data or self.answer.data)


def row_data(row: Any) -> dict[str, Any]:
    """What was typed into a row, to be put elsewhere."""
    return {field.short_name: field.data for field in row.form}
