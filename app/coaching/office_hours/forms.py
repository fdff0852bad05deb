"""What is typed about office hours, bookings and places in the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import URLInput

from app.capabilities.models import Capability
from app.coaching.models import Engagement
from app.coaching.office_hours.keeping import Details, Fate, Word
from app.coaching.office_hours.rules import MAX_REASON, MAX_TOPIC
from app.coaching.office_hours.service import About
from app.kernel.clock import is_zone, list_zones
from app.web.forms import REQUIRED, DayField, Form, choices, fail
from app.web.i18n import language
from app.web.numbers import whole_number

LENGTHS = (10, 15, 20, 30, 45, 60, 90, 120)
TIMES = ["%H:%M", "%H:%M:%S"]
SHORT = Length(max=200, message=_l("Use at most 200 characters."))


def weekday_names() -> Any:
    """The days of the week as the reader calls them, from 0 for Monday."""
    return get_day_names("wide", "stand-alone", locale=get_locale() or "en")


class FateForm(Form):
    """The part of a form that stands there once something is booked that a change would leave outside."""

    fate = RadioField(
        _l("What is booked then"),
        choices=choices([(Fate.KEEP, _l("Keep it all the same")), (Fate.CANCEL, _l("Cancel it, and say why"))]),
        validators=[Optional()],
    )
    reason = StringField(
        _l("Reason, for those who are told"),
        validators=[Optional(), Length(max=MAX_REASON, message=_l("Use at most 500 characters."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where the question stands on the page, it has to be answered.
        self.fate.flags.optional = False

    @property
    def word(self) -> Word:
        return Word(Fate(self.fate.data) if self.fate.data else None, self.reason.data or "")


class HoursForm(FateForm):
    revision = HiddenField()
    weekday = SelectField(_l("Day of the week"))
    starts = TimeField(_l("Start"), validators=[REQUIRED], format=TIMES)
    ends = TimeField(_l("End"), validators=[REQUIRED], format=TIMES)
    time_zone = StringField(
        _l("Time zone"), validators=[REQUIRED], render_kw={"list": "time-zones", "autocomplete": "off"}
    )
    is_drop_in = BooleanField(_l("Nobody books: who comes stands in line"))
    slot_minutes = SelectField(
        _l("One booking takes"),
        choices=choices([(length, _l("%(minutes)s minutes", minutes=length)) for length in LENGTHS]),
        default="30",
    )
    place = StringField(_l("Where"), validators=[Optional(), SHORT])
    link = StringField(
        _l("Link to join"),
        validators=[Optional(), Length(max=500, message=_l("Use at most 500 characters."))],
        widget=URLInput(),
        render_kw={"autocomplete": "off"},
    )
    since = DayField(_l("First day"), validators=[REQUIRED])
    until = DayField(_l("Last day"), validators=[Optional()])
    lead_hours = IntegerField(
        _l("Booked at least so many hours before"),
        validators=[REQUIRED, NumberRange(0, 336, message=_l("Choose between 0 and 336 hours."))],
        default=12,
        render_kw={"min": 0, "max": 336},
    )
    cancel_hours = IntegerField(
        _l("Moved or cancelled at least so many hours before"),
        validators=[REQUIRED, NumberRange(0, 336, message=_l("Choose between 0 and 336 hours."))],
        default=2,
        render_kw={"min": 0, "max": 336},
    )
    ahead_days = IntegerField(
        _l("Booked at most so many days ahead"),
        validators=[REQUIRED, NumberRange(1, 180, message=_l("Choose between 1 and 180 days."))],
        default=28,
        render_kw={"min": 1, "max": 180},
    )

    zones = list_zones()

    def offer(self) -> HoursForm:
        """The days of the week as the reader calls them."""
        self.weekday.choices = choices(sorted(weekday_names().items()))
        return self

    def validate_time_zone(self, field: StringField) -> None:
        if not is_zone(field.data):
            fail(_l("Choose a time zone from the list, such as Asia/Shanghai."))

    def validate_link(self, field: StringField) -> None:
        if not field.data.startswith(("https://", "http://")) or any(character.isspace() for character in field.data):
            fail(_l("Give a whole address that begins with https://."))

    @property
    def details(self) -> Details:
        """What the valid form says."""
        return Details(
            weekday=int(self.weekday.data),
            starts=self.starts.data,
            ends=self.ends.data,
            time_zone=self.time_zone.data,
            slot_minutes=int(self.slot_minutes.data),
            is_drop_in=self.is_drop_in.data,
            since=self.since.data,
            until=self.until.data,
            place=self.place.data or "",
            link=self.link.data or "",
            lead_hours=self.lead_hours.data,
            cancel_hours=self.cancel_hours.data,
            ahead_days=self.ahead_days.data,
        )


class DayForm(FateForm):
    """A day on which hours are otherwise; without times there are none."""

    day = DayField(_l("Day"), validators=[REQUIRED])
    is_there = BooleanField(_l("I am there, at other times"))
    starts = TimeField(_l("Start"), validators=[Optional()], format=TIMES)
    ends = TimeField(_l("End"), validators=[Optional()], format=TIMES)

    def validate_is_there(self, field: BooleanField) -> None:
        if field.data and (self.starts.data is None or self.ends.data is None):
            fail(_l("Say from when until when."))


class AwayForm(FateForm):
    first = DayField(_l("First day"), validators=[REQUIRED])
    last = DayField(_l("Last day"), validators=[REQUIRED])


class EndForm(FateForm):
    last = DayField(_l("Last day"), validators=[REQUIRED])


class BookForm(Form):
    topic = TextAreaField(
        _l("What is it about?"),
        validators=[Optional(), Length(max=MAX_TOPIC, message=_l("Use at most 1,000 characters."))],
        render_kw={"rows": 4, "maxlength": MAX_TOPIC},
    )
    capability = SelectField(_l("Capability"), default="")
    engagement = SelectField(_l("Part of the coaching of my team"), default="")

    def offer(self, capabilities: Sequence[Capability], engagements: Sequence[Engagement]) -> BookForm:
        """What the coach teaches, and what the person's teams have agreed with the coach. What has nothing to choose is not asked."""
        named = [(each.id, each.name.in_(language())) for each in capabilities]
        self.capability.choices = choices([("", _l("None in particular")), *named])
        self.engagement.choices = choices([("", _l("No")), *((each.id, each.title) for each in engagements)])
        if not named:
            del self.capability
        if not engagements:
            del self.engagement
        return self

    @property
    def about(self) -> About:
        return About(
            topic=self.topic.data or "",
            capability_id=whole_number(self.capability.data) if "capability" in self else None,
            engagement_id=whole_number(self.engagement.data) if "engagement" in self else None,
        )


class CancelForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        validators=[Optional(), Length(max=MAX_REASON, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_REASON},
    )


class JoinForm(Form):
    topic = StringField(
        _l("What is it about?"),
        validators=[Optional(), Length(max=500, message=_l("Use at most 500 characters."))],
        render_kw={"maxlength": 500, "autocomplete": "off"},
    )
