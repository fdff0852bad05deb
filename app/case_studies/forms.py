"""The guided form of a case study, and the forms of its review."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FloatField,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, NumberInput

from app.case_studies.rules import (
    DECISIONS,
    MAX_BYLINE,
    MAX_COMMENT,
    MAX_FIGURE,
    MAX_METRICS,
    MAX_PART,
    MAX_SUMMARY,
    MAX_TITLE,
    PART_NAMES,
    PARTS,
    MetricValues,
    Step,
    Story,
)
from app.kernel.errors import ConflictError
from app.web.forms import Form, Rows
from app.web.i18n import LANGUAGE_NAMES

# Not InputRequired: white space is no title.
REQUIRED = DataRequired(_l("Please fill this in."))


def at_most(number: int) -> Length:
    return Length(max=number, message=_l("Use at most %(max)s characters.", max=f"{number:,}"))


class NeededToSubmit:
    """Marks a field that a draft may leave open, but a submitted story may not. Checked when it is submitted."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: object, field: object) -> None:
        pass


NEEDED = NeededToSubmit()


class FigureField(FloatField):  # type: ignore[misc]
    """A number as people type it; what is typed stays when it cannot be one."""

    widget = NumberInput(step="any")

    def _value(self) -> str:
        """As people write it: 21 rather than 21.0."""
        if self.raw_data or self.data is None:
            return str(self.raw_data[0]) if self.raw_data else ""
        return str(int(self.data)) if self.data.is_integer() else str(self.data)

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


class MetricForm(Form):
    """One row of the numbers. A row in which nothing is written does not count."""

    class Meta(Form.Meta):
        csrf = False

    name = StringField(
        _l("What was measured"),
        validators=[NEEDED, at_most(80)],
        render_kw={"list": "metric-names", "autocomplete": "off"},
    )
    before = FigureField(_l("Before"), validators=[NEEDED])
    after = FigureField(_l("After"), validators=[NEEDED])
    unit = StringField(_l("Unit"), validators=[NEEDED, at_most(40)])
    better = SelectField(
        _l("Better when"),
        choices=[SelectChoice("lower", _l("lower")), SelectChoice("higher", _l("higher"))],
        default="lower",
    )
    window = StringField(_l("Period"), validators=[NEEDED, at_most(80)])
    source = StringField(_l("Source"), validators=[NEEDED, at_most(200)])

    @property
    def values(self) -> MetricValues:
        return MetricValues(
            name=self.name.data or "",
            before=self.before.data,
            after=self.after.data,
            unit=self.unit.data or "",
            better=self.better.data,
            window=self.window.data or "",
            source=self.source.data or "",
        )

    @property
    def is_blank(self) -> bool:
        return not any(field.raw_data and field.raw_data[0].strip() for field in self if field is not self.better)


def _checkboxes(label: object) -> SelectMultipleField:
    return SelectMultipleField(
        label, validators=[Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


def _part(name: str) -> TextAreaField:
    return TextAreaField(PART_NAMES[name], validators=[NEEDED, at_most(MAX_PART)], render_kw={"rows": 8})


@dataclass(frozen=True)
class Choices:
    """What the form offers to choose from."""

    teams: Sequence[SelectChoice]
    capabilities: Sequence[SelectChoice]
    practices: Sequence[SelectChoice]
    coaches: Sequence[SelectChoice]
    sessions: Sequence[SelectChoice]


class StoryForm(Form):
    """A case study in the order in which it is told. A draft needs a title and a team, no more."""

    revision = IntegerField(widget=HiddenInput(), default=0)
    title = StringField(_l("Title"), validators=[REQUIRED, at_most(MAX_TITLE)])
    summary = TextAreaField(_l("Summary"), validators=[NEEDED, at_most(MAX_SUMMARY)], render_kw={"rows": 2})
    team = SelectField(_l("Team"), validators=[REQUIRED])
    language = SelectField(
        _l("Language of the story"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    )
    capability = SelectField(_l("Capability"), validators=[NEEDED])
    context = _part("context")
    challenge = _part("challenge")
    approach = _part("approach")
    results = _part("results")
    metrics = Rows(FormField(MetricForm), label=_l("The numbers"), min_entries=1, max_entries=MAX_METRICS)
    lessons = _part("lessons")
    next_steps = _part("next_steps")
    practices = _checkboxes(_l("Practices used"))
    coaches = _checkboxes(_l("Coaches who helped"))
    sessions = _checkboxes(_l("Training sessions that helped"))
    byline = StringField(_l("Byline"), validators=[Optional(), at_most(MAX_BYLINE)])

    def __init__(self, choices: Choices, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.team.choices = choices.teams
        self.capability.choices = [SelectChoice("", _("Not chosen yet")), *choices.capabilities]
        self.practices.choices = choices.practices
        self.coaches.choices = choices.coaches
        self.sessions.choices = choices.sessions

    @property
    def story(self) -> Story:
        """What was typed, as plain values. Only of a form that is valid."""
        return Story(
            title=self.title.data,
            language=self.language.data,
            team_id=int(self.team.data),
            summary=" ".join((self.summary.data or "").split()),
            capability_id=int(self.capability.data) if self.capability.data else None,
            byline=self.byline.data or "",
            parts={part: self[part].data or "" for part in PARTS},
            metrics=[row.form.values for row in self.metrics if not row.form.is_blank],
            practices=self.practices.data or (),
            coaches=[int(user_id) for user_id in self.coaches.data or ()],
            sessions=self.sessions.data or (),
        )

    def keep_over(self, revision: int, error: ConflictError) -> None:
        """Show what came in between, keeping what was typed. Sent again, it is taken as an answer to what is there now."""
        self.revision.data, self.revision.raw_data = revision, None
        self.form_errors.append(str(error))

    def add_row(self) -> None:
        """One more row of numbers, up to the most there can be."""
        if len(self.metrics) < MAX_METRICS:
            self.metrics.append_entry()

    @property
    def has_room(self) -> bool:
        return len(self.metrics) < MAX_METRICS


def filled_from(story: Story, revision: int) -> dict[str, Any]:
    """What the form of an existing case study begins with."""
    return {
        "revision": revision,
        "title": story.title,
        "summary": story.summary,
        "team": str(story.team_id),
        "language": story.language,
        "capability": str(story.capability_id or ""),
        "metrics": [asdict(values) for values in story.metrics],
        "practices": list(story.practices),
        "coaches": [str(user_id) for user_id in story.coaches],
        "sessions": list(story.sessions),
        "byline": story.byline,
        **story.parts,
    }


class DecisionForm(Form):
    """An editor's word on what was submitted."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice(Step.ACCEPT.value, _l("Accept and publish")),
            SelectChoice(Step.REQUEST_CHANGES.value, _l("Ask for changes")),
            SelectChoice(Step.REJECT.value, _l("Reject")),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )
    comment = TextAreaField(_l("Comment"), validators=[Optional(), at_most(MAX_COMMENT)], render_kw={"rows": 4})

    @property
    def step(self) -> Step:
        assert self.decision.data in DECISIONS
        return Step(self.decision.data)
