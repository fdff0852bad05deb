"""What is typed about a session. Wall times become moments here, in the zone that is chosen beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, URLInput

from app.kernel.clock import is_zone, list_zones, zone
from app.kernel.errors import InvalidInputError
from app.training.models import TrainingSession
from app.training.rules import KIND_NAMES, MAX_CAPACITY, MAX_REASON, WallTime, read_wall_time
from app.training.service import Details
from app.web.forms import Form, fail
from app.web.i18n import LANGUAGE_NAMES

REQUIRED = InputRequired(_l("Please fill this in."))
TIMES = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at")
# What browsers send; the first is what they are sent.
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
NOT_ON_ONE = _l("Not on one capability")


def _choices(pairs: Iterable[tuple[object, object]], group: str | None = None) -> list[SelectChoice]:
    """(value, label) as choices of a field, under the heading `group`."""
    return [SelectChoice(str(value), label, optgroup=group) for value, label in pairs]


class TrainingForm(Form):
    """A session's details. `moments` holds the times once the form is valid."""

    revision = HiddenField()
    title = StringField(_l("Title"), validators=[REQUIRED, Length(max=120, message=_l("Use at most 120 characters."))])
    kind = SelectField(_l("Kind"), choices=_choices(KIND_NAMES.items()))
    language = SelectField(_l("Language it is held in"), choices=_choices(LANGUAGE_NAMES.items()))
    description = TextAreaField(
        _l("Description"), validators=[REQUIRED, Length(max=20_000, message=_l("Use at most 20,000 characters."))]
    )
    capability = SelectField(_l("Capability"))
    level = SelectField(_l("Level"), choices=_choices([("", _l("No level")), *[(level, level) for level in "12345"]]))
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
    coaches = SelectMultipleField(
        _l("Coaches"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    zones = list_zones()
    moments: dict[str, WallTime]

    def offer(self, areas: Mapping[str, Sequence[tuple[int, str]]], coaches: Sequence[tuple[int, str]]) -> TrainingForm:
        """Fill in what can be chosen: capabilities by the name of their area, and coaches."""
        self.capability.choices = _choices([("", NOT_ON_ONE)])
        for name, choices in areas.items():
            self.capability.choices += _choices(choices, name)
        self.coaches.choices = _choices(coaches)
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
        self.moments = {}
        for name in TIMES if not self.time_zone.errors else ():
            field = self._fields[name]
            if field.data is None or field.errors:
                continue
            try:
                self.moments[name] = read_wall_time(field.data, self.time_zone.data)
            except InvalidInputError as error:
                self.blame(InvalidInputError(error.message, field=name))
                valid = False
        return bool(valid)

    @property
    def twofold(self) -> list[str]:
        """The labels of the times that clocks show twice that day; the first one was taken."""
        return [self._fields[name].label.text for name, time in self.moments.items() if time.is_twofold]

    @property
    def details(self) -> Details:
        """What the valid form says."""
        moments: dict[str, datetime] = {name: time.moment for name, time in self.moments.items()}
        return Details(
            kind=self.kind.data,
            title=self.title.data,
            description=self.description.data,
            language=self.language.data,
            capability_id=int(self.capability.data) if self.capability.data else None,
            level=int(self.level.data) if self.level.data else None,
            starts_at=moments["starts_at"],
            ends_at=moments["ends_at"],
            time_zone=self.time_zone.data,
            place=self.place.data or "",
            link=self.link.data or "",
            capacity=self.capacity.data,
            signup_opens_at=moments.get("signup_opens_at"),
            signup_closes_at=moments.get("signup_closes_at"),
            coach_ids=self.coaches.data,
        )


def typed(training: TrainingSession) -> dict[str, Any]:
    """A session as the form holds it: times as clocks in its zone show them."""
    there = zone(training.time_zone)
    times = {
        name: moment.astimezone(there).replace(tzinfo=None) if (moment := getattr(training, name)) else None
        for name in TIMES
    }
    same = ("revision", "title", "kind", "language", "description", "time_zone", "place", "link", "capacity")
    return {
        **{name: getattr(training, name) for name in same},
        **times,
        "capability": str(training.capability_id or ""),
        "level": str(training.level or ""),
        "coaches": [row.user_id for row in training.coach_rows],
    }


class CancelForm(Form):
    reason = TextAreaField(
        _l("Reason"), validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 500 characters."))]
    )
