"""What a team says of a practice, as it is typed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.practices.adoption.rules import IN_USE, MAX_LINK, MAX_NOTE, STAGE_NAMES, Stage
from app.practices.adoption.service import Said
from app.web.forms import REQUIRED, Form


class AdoptionForm(Form):
    """`team` is chosen by its slug."""

    team = SelectField(_l("Team"), validators=[REQUIRED])
    stage = RadioField(
        _l("How far are you?"),
        choices=[SelectChoice(stage.value, STAGE_NAMES[stage]) for stage in reversed(IN_USE)],
        validators=[InputRequired(_l("Say how far you are."))],
    )
    since = DateField(_l("Since"), validators=[REQUIRED])
    link = StringField(
        _l("A link that shows it"),
        validators=[Optional(), Length(max=MAX_LINK, message=_l("Use at most 500 characters."))],
        render_kw={"maxlength": MAX_LINK, "inputmode": "url", "placeholder": "https://"},
    )
    note = TextAreaField(
        _l("What you do, in a sentence"),
        validators=[Length(max=MAX_NOTE, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_NOTE},
    )

    @property
    def said(self) -> Said:
        """What the valid form says."""
        return Said(
            stage=Stage(self.stage.data), since=self.since.data, link=self.link.data or "", note=self.note.data or ""
        )


class StopForm(Form):
    team = SelectField(_l("Team"), validators=[REQUIRED])
    reason = TextAreaField(
        _l("Why have you stopped?"),
        validators=[REQUIRED, Length(max=MAX_NOTE, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_NOTE},
    )
