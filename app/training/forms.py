"""What is typed about a session. Wall times become moments here, in the zone that is chosen beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    Field,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, URLInput

from app.capabilities.choices import LEVEL_CHOICES
from app.kernel.clock import is_zone, list_zones, zone
from app.kernel.errors import InvalidInputError
from app.training.rules import KIND_NAMES, MAX_CAPACITY, MAX_MEETINGS, MAX_REASON, YEARS, WallTime, read_wall_time
from app.training.service import Details
from app.web.forms import REQUIRED, Form, Rows, choices, fail, grouped_choices
from app.web.i18n import LANGUAGE_NAMES

TIMES = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at")
# What browsers send; the first is what they are sent.
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
WEEK = timedelta(days=7)
NOT_ON_ONE = _l("Not on one capability")


class MeetingForm(Form):
    """One more meeting of a session. A row in which nothing is written does not count."""

    class Meta(Form.Meta):
        csrf = False

    starts_at = DateTimeLocalField(_l("Start"), validators=[Optional()], format=FORMATS)
    ends_at = DateTimeLocalField(_l("End"), validators=[Optional()], format=FORMATS)

    @property
    def is_blank(self) -> bool:
        return self.starts_at.data is None and self.ends_at.data is None


class TrainingForm(Form):
    """A session's details. `moments` and `further` hold the times once the form is valid."""

    revision = HiddenField()
    title = StringField(_l("Title"), validators=[REQUIRED, Length(max=120, message=_l("Use at most 120 characters."))])
    kind = SelectField(_l("Kind"), choices=choices(KIND_NAMES.items()))
    language = SelectField(_l("Language it is held in"), choices=choices(LANGUAGE_NAMES.items()))
    description = TextAreaField(
        _l("Description"), validators=[REQUIRED, Length(max=20_000, message=_l("Use at most 20,000 characters."))]
    )
    capability = SelectField(_l("Capability"))
    level = SelectField(_l("Level"), choices=LEVEL_CHOICES)
    starts_at = DateTimeLocalField(_l("Start"), validators=[REQUIRED], format=FORMATS)
    ends_at = DateTimeLocalField(_l("End"), validators=[REQUIRED], format=FORMATS)
    time_zone = StringField(
        _l("Time zone"), validators=[REQUIRED], render_kw={"list": "time-zones", "autocomplete": "off"}
    )
    place = StringField(
        _l("Where"), validators=[Optional(), Length(max=200, message=_l("Use at most 200 characters."))]
    )
    link = StringField(
        _l("Link to join"),
        validators=[Optional(), Length(max=500, message=_l("Use at most 500 characters."))],
        widget=URLInput(),
        render_kw={"autocomplete": "off"},
    )
    capacity = IntegerField(
        _l("Seats"),
        validators=[REQUIRED, NumberRange(1, MAX_CAPACITY, message=_l("Choose between 1 and 1,000 seats."))],
        render_kw={"min": 1, "max": MAX_CAPACITY},
    )
    signup_opens_at = DateTimeLocalField(_l("Sign-up opens"), validators=[Optional()], format=FORMATS)
    signup_closes_at = DateTimeLocalField(_l("Sign-up closes"), validators=[Optional()], format=FORMATS)
    # All but the first, which has the fields `starts_at` and `ends_at`.
    meetings = Rows(FormField(MeetingForm), label=_l("Further meetings"), max_entries=MAX_MEETINGS)
    coaches = SelectMultipleField(
        _l("Coaches"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    zones = list_zones()
    moments: dict[str, WallTime]
    further: list[tuple[WallTime, WallTime]]

    def offer(self, areas: Mapping[str, Sequence[tuple[int, str]]], coaches: Sequence[tuple[int, str]]) -> TrainingForm:
        """Fill in what can be chosen: capabilities by the name of their area, and coaches."""
        self.capability.choices = grouped_choices(NOT_ON_ONE, areas)
        self.coaches.choices = choices(coaches)
        return self

    def validate_time_zone(self, field: StringField) -> None:
        if not is_zone(field.data):
            fail(_l("Choose a time zone from the list, such as Asia/Shanghai."))

    def validate_link(self, field: StringField) -> None:
        if not field.data.startswith(("https://", "http://")) or any(character.isspace() for character in field.data):
            fail(_l("Give a whole address that begins with https://."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also reads the wall times, once there is a zone to read them in."""
        valid = super().validate(extra_validators)
        self.moments, self.further = {}, []
        if self.time_zone.errors:
            return False
        for name in TIMES:
            moment = self._read(self._fields[name])
            if moment is not None:
                self.moments[name] = moment
        for row in self.meetings:
            self._read_row(row.form)
        return bool(valid) and not self.errors

    def _read(self, field: Field) -> WallTime | None:
        """The moment that a field names; None where it names none, and the field says why."""
        if field.errors:
            return None
        try:
            return moment_in(field, self.time_zone.data)
        except InvalidInputError as error:
            field.errors = [str(error)]
            return None

    def _read_row(self, row: MeetingForm) -> None:
        if row.is_blank and not row.errors:
            return
        start, end = self._read(row.starts_at), self._read(row.ends_at)
        if start is not None and end is not None:
            self.further.append((start, end))
            return
        for field in (row.starts_at, row.ends_at):
            if field.data is None and not field.errors:
                field.errors = [str(REQUIRED.message)]
        self.meetings.errors = [str(_l("Say when each meeting starts and ends, or leave its row empty."))]

    def add_meeting(self) -> None:
        """One more row, as far from the last meeting as that is from the one before; a week later where there is none."""
        starts = [self.starts_at.data, *(row.form.starts_at.data for row in self.meetings)]
        ends = [self.ends_at.data, *(row.form.ends_at.data for row in self.meetings)]
        if len(starts) >= MAX_MEETINGS:
            return
        blank = any(reading is None or reading.year not in YEARS for reading in (starts[-1], ends[-1]))
        distance = starts[-1] - starts[-2] if len(starts) > 1 and not blank and starts[-2] else WEEK
        far = distance if timedelta(0) < distance <= 5 * WEEK else WEEK
        self.meetings.append_entry({} if blank else {"starts_at": starts[-1] + far, "ends_at": ends[-1] + far})

    @property
    def has_room(self) -> bool:
        """May there be one more meeting?"""
        return len(self.meetings) + 1 < MAX_MEETINGS

    @property
    def twofold(self) -> list[str]:
        """The labels of the times that clocks show twice that day; the first one was taken."""
        return [self._fields[name].label.text for name, time in self.moments.items() if time.is_twofold]

    @property
    def details(self) -> Details:
        """What the valid form says."""
        moments: dict[str, datetime] = {name: time.moment for name, time in self.moments.items()}
        further = [(start.moment, end.moment) for start, end in self.further]
        meetings = sorted([(moments["starts_at"], moments["ends_at"]), *further])
        return Details(
            kind=self.kind.data,
            title=self.title.data,
            description=self.description.data.replace("\r\n", "\n"),
            language=self.language.data,
            capability_id=int(self.capability.data) if self.capability.data else None,
            level=int(self.level.data) if self.level.data else None,
            starts_at=meetings[0][0],
            ends_at=meetings[-1][1],
            meetings=meetings,
            time_zone=self.time_zone.data,
            place=self.place.data or "",
            link=self.link.data or "",
            capacity=self.capacity.data,
            signup_opens_at=moments.get("signup_opens_at"),
            signup_closes_at=moments.get("signup_closes_at"),
            coach_ids=self.coaches.data,
        )


def typed(details: Details) -> dict[str, Any]:
    """Details as the form holds them: times as clocks in the session's zone show them."""
    first, *further = details.times
    same = ("title", "kind", "language", "description", "time_zone", "place", "link", "capacity")
    return {
        **{name: getattr(details, name) for name in same},
        "starts_at": reading_of(first[0], details.time_zone),
        "ends_at": reading_of(first[1], details.time_zone),
        "signup_opens_at": reading_of(details.signup_opens_at, details.time_zone),
        "signup_closes_at": reading_of(details.signup_closes_at, details.time_zone),
        "meetings": [
            {"starts_at": reading_of(start, details.time_zone), "ends_at": reading_of(end, details.time_zone)}
            for start, end in further
        ],
        "capability": str(details.capability_id or ""),
        "level": str(details.level or ""),
        "coaches": list(details.coach_ids),
    }


def moment_in(field: Field, zone_name: str) -> WallTime | None:
    """What was typed into a field, on the clocks of that zone. Raises InvalidInputError, which names the field, where they never
    show it.
    """
    try:
        return None if field.data is None else read_wall_time(field.data, zone_name)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field=field.name) from None


def reading_of(moment: datetime | None, zone_name: str) -> datetime | None:
    """As the clocks of that zone show it, for a field."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None) if moment else None


class CancelForm(Form):
    reason = TextAreaField(
        _l("Reason"), validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 500 characters."))]
    )
