"""The form of a coach's profile."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.capabilities.models import Capability
from app.web.forms import Form
from app.web.i18n import LANGUAGE_NAMES, language

LEVELS = [
    SelectChoice("", _l("Not taught")),
    *(SelectChoice(str(level), _l("Up to level %(level)s", level=level)) for level in range(1, 6)),
]


class CoachForm(Form):
    """Made by `coach_form`, which adds one choice of a level for each capability."""

    capability_ids: Sequence[int] = ()

    headline = StringField(
        _l("Headline"),
        validators=[
            InputRequired(_l("Say in one line what you help with.")),
            Length(max=160, message=_l("Use at most 160 characters.")),
        ],
    )
    bio = TextAreaField(
        _l("About you"), validators=[Optional(), Length(max=20_000, message=_l("Use at most 20,000 characters."))]
    )
    site = StringField(_l("Site"), validators=[Optional(), Length(max=80, message=_l("Use at most 80 characters."))])
    languages = SelectMultipleField(
        _l("Languages you teach in"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired(_l("Choose at least one language."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    is_taking_requests = BooleanField(_l("I am taking requests"))

    @property
    def skills(self) -> dict[int, int]:
        """{capability id: level} of what is taught."""
        fields = ((number, self[f"skill_{number}"].data) for number in self.capability_ids)
        return {number: int(level) for number, level in fields if level}


def coach_form(capabilities: Sequence[Capability]) -> type[CoachForm]:
    """The form with a choice of level for each of `capabilities`."""
    fields = {
        f"skill_{each.id}": SelectField(each.name.in_(language()), choices=LEVELS, validators=[Optional()])
        for each in capabilities
    }
    return type(
        "CoachFormWithSkills", (CoachForm,), {**fields, "capability_ids": tuple(each.id for each in capabilities)}
    )
