"""The guided forms of a case study: a story in parts, or an interview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    FormField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.case_studies import rules
from app.case_studies.contents import content_of_story
from app.case_studies.row_forms import AnswerForm, MetricForm, row_data
from app.case_studies.rules import MAX_METRICS, MAX_PART, MAX_QUESTIONS, PART_NAMES, PARTS, Story
from app.web.forms import Rows
from app.web.i18n import LANGUAGE_NAMES
from app.writing.desk.forms import NEEDED, DeskForm, at_most, plain

# Not InputRequired: white space is no title.
REQUIRED = DataRequired(_l("Please fill this in."))


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


class CaseStudyForm(DeskForm):
    """What both kinds of case study ask. A draft needs a title and a team, no more."""

    told_as: ClassVar[rules.Form]

    title = StringField(_l("Title"), validators=[REQUIRED, at_most(rules.MAX_TITLE)])
    summary = TextAreaField(_l("Summary"), validators=[NEEDED, at_most(rules.MAX_SUMMARY)], render_kw={"rows": 2})
    team = SelectField(_l("Team"), validators=[REQUIRED])
    language = SelectField(
        _l("Language of the story"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    )
    capability = SelectField(_l("Capability"), validators=[NEEDED])
    metrics = Rows(FormField(MetricForm), label=_l("The numbers"), min_entries=1, max_entries=MAX_METRICS)
    practices = _checkboxes(_l("Practices used"))
    coaches = _checkboxes(_l("Coaches who helped"))
    sessions = _checkboxes(_l("Training sessions that helped"))
    byline = StringField(
        _l("Byline"), validators=[Optional(), at_most(rules.MAX_BYLINE)], render_kw={"list": "bylines"}
    )

    def __init__(self, story: Story, typed: MultiDict[str, str] | None, choices: Choices) -> None:
        self._before = story
        super().__init__(formdata=typed, data=filled_from(story))
        self.team.choices = choices.teams
        self.capability.choices = [SelectChoice("", _("Not chosen yet")), *choices.capabilities]
        self.practices.choices = choices.practices
        self.coaches.choices = choices.coaches
        self.sessions.choices = choices.sessions

    @property
    def content(self) -> dict[str, Any]:
        return content_of_story(self.story)

    @property
    def story(self) -> Story:
        """What was typed, as plain values, whatever it is: a preview is shown of a form with errors, too."""
        return Story(
            title=self.title.data or "",
            language=self.language_code,
            team=self.team.data or "",
            form=self.told_as,
            summary=" ".join((self.summary.data or "").split()),
            capability=self.capability.data or "",
            organisation=self._before.organisation,
            byline=self.byline.data or "",
            metrics=[row.form.values_in(self.language_code) for row in self.metrics if not row.form.is_blank],
            practices=self.practices.data or (),
            coaches=self.coaches.data or (),
            sessions=self.sessions.data or (),
            **self._told(),
        )

    def _told(self) -> dict[str, Any]:
        raise NotImplementedError

    def add_row(self) -> None:
        """One more row of numbers, up to the most there can be."""
        if self.has_room:
            self.metrics.append_entry()

    @property
    def has_room(self) -> bool:
        return len(self.metrics) < MAX_METRICS


class StoryForm(CaseStudyForm):
    """A case study in the order in which it is told."""

    told_as = rules.Form.STORY

    context = _part("context")
    challenge = _part("challenge")
    approach = _part("approach")
    results = _part("results")
    lessons = _part("lessons")
    next_steps = _part("next_steps")

    def _told(self) -> dict[str, Any]:
        return {"parts": {part: plain(self[part].data) or "" for part in PARTS}}


class InterviewForm(CaseStudyForm):
    """A case study as questions and answers."""

    told_as = rules.Form.INTERVIEW

    questions = Rows(FormField(AnswerForm), label=_l("Questions and answers"), max_entries=MAX_QUESTIONS)

    def _told(self) -> dict[str, Any]:
        return {"answers": [row.form.values for row in self.questions if not row.form.is_blank]}

    def add_question(self) -> None:
        if self.has_more_room:
            self.questions.append_entry()

    def remove_question(self, place: int) -> None:
        """Take out the question at `place`. One that is not there stays away."""
        rows = [row_data(row) for row in self.questions]
        self.questions.process(None, rows[:place] + rows[place + 1 :])

    def raise_question(self, place: int) -> None:
        """Let the question at `place` and the one above it change places."""
        rows = [row_data(row) for row in self.questions]
        if 0 < place < len(rows):
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
        self.questions.process(None, rows)

    @property
    def has_more_room(self) -> bool:
        return len(self.questions) < MAX_QUESTIONS


FORMS: Mapping[rules.Form, type[CaseStudyForm]] = {form.told_as: form for form in (StoryForm, InterviewForm)}


def _actions() -> Mapping[str, Callable[[Any], None]]:
    """The buttons that change the form and save nothing, by what they send."""
    places = range(MAX_QUESTIONS)
    return {
        "add-row": CaseStudyForm.add_row,
        "add-question": InterviewForm.add_question,
        **{f"remove-question:{place}": partial(InterviewForm.remove_question, place=place) for place in places},
        **{f"raise-question:{place}": partial(InterviewForm.raise_question, place=place) for place in places},
    }


ACTIONS = _actions()


def filled_from(story: Story) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "title": story.title,
        "summary": story.summary,
        "team": story.team,
        "language": story.language,
        "capability": story.capability,
        "metrics": [asdict(values) for values in story.metrics],
        "questions": [asdict(answer) for answer in story.answers],
        "practices": list(story.practices),
        "coaches": list(story.coaches),
        "sessions": list(story.sessions),
        "byline": story.byline,
        **story.parts,
    }
