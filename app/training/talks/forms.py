"""What is typed about a talk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from app.training.talks.models import Talk
from app.training.talks.rules import BREAKS, MAX_ABSTRACT, MAX_SPEAKERS, MAX_TITLE, MINUTES
from app.training.talks.service import TalkDetails
from app.web.forms import REQUIRED, Form
from app.web.i18n import LANGUAGE_NAMES

MAX_TYPED = 340


def _speaker() -> StringField:
    return StringField(
        _l("Speaker"),
        validators=[Optional(), Length(max=MAX_TYPED, message=_l("That is too long for a name."))],
        render_kw={"list": "people", "autocomplete": "off"},
    )


class TalkForm(Form):
    """Whoever leaves the minutes empty describes a poster."""

    revision = HiddenField()
    title = StringField(
        _l("Title"),
        validators=[REQUIRED, Length(max=MAX_TITLE, message=_l("Use at most 160 characters."))],
    )
    minutes = IntegerField(
        _l("Minutes"),
        validators=[
            Optional(),
            NumberRange(MINUTES.start, MINUTES.stop - 1, message=_l("A talk takes between 5 minutes and 8 hours.")),
        ],
        render_kw={"min": MINUTES.start, "max": MINUTES.stop - 1},
    )
    break_before = IntegerField(
        _l("Break before it, in minutes"),
        validators=[
            Optional(),
            NumberRange(BREAKS.start, BREAKS.stop - 1, message=_l("A break takes at most 4 hours.")),
        ],
        render_kw={"min": BREAKS.start, "max": BREAKS.stop - 1},
    )
    speaker_1, speaker_2, speaker_3, speaker_4 = (_speaker() for _number in range(MAX_SPEAKERS))
    abstract = TextAreaField(
        _l("Abstract"),
        validators=[Optional(), Length(max=MAX_ABSTRACT, message=_l("Use at most 5,000 characters."))],
    )
    language = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()])
    story = SelectField(_l("Case study that is shown"))

    def offer(self, stories: Sequence[tuple[str, str]]) -> TalkForm:
        """Fill in the case studies that can be chosen, as (slug, title)."""
        self.story.choices = [SelectChoice("", _l("None"))] + [SelectChoice(slug, title) for slug, title in stories]
        return self

    @property
    def speakers(self) -> Iterator[Field]:
        return (self[f"speaker_{number}"] for number in range(1, MAX_SPEAKERS + 1))

    @property
    def details(self) -> TalkDetails:
        """What the valid form says."""
        return TalkDetails(
            title=self.title.data,
            abstract=self.abstract.data or "",
            language=self.language.data,
            minutes=self.minutes.data,
            break_before=self.break_before.data or 0,
            story_slug=self.story.data or None,
            speakers=[field.data or "" for field in self.speakers],
        )


def typed(talk: Talk) -> dict[str, Any]:
    """A talk as the form holds it."""
    speakers = [f"{each.name} <{each.user.email}>" if each.user else each.guest for each in talk.speakers]
    return {
        **{name: getattr(talk, name) for name in ("revision", "title", "abstract", "language", "minutes")},
        "break_before": talk.break_before or None,
        "story": talk.story_slug or "",
        **{f"speaker_{number}": who for number, who in enumerate(speakers, 1)},
    }
