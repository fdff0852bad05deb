"""What is typed on the path."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.coaching.growth.rules import MAX_WORDS
from app.coaching.growth.service import Seen
from app.web.forms import REQUIRED, Form
from app.web.numbers import whole_number

WORDS = Length(max=MAX_WORDS, message=_l("Use at most 2,000 characters."))
BOX = {"rows": 4, "maxlength": MAX_WORDS}


class ApplyForm(Form):
    words = TextAreaField(_l("What the lead coaches should know"), validators=[Optional(), WORDS], render_kw=BOX)


class DeclineForm(Form):
    reason = TextAreaField(_l("What is missing"), validators=[Optional(), WORDS], render_kw=BOX)


class ObserveForm(Form):
    """`whom` names a session and somebody who ran it."""

    whom = SelectField(_l("Whom have you watched, and when?"), validators=[REQUIRED])
    strengths = TextAreaField(_l("What was good"), validators=[REQUIRED, WORDS], render_kw=BOX)
    advice = TextAreaField(_l("What to try next time"), validators=[Optional(), WORDS], render_kw=BOX)
    is_ready = BooleanField(_l("Ready to run it alone"))

    def offer(self, pairs: Iterable[tuple[str, str]]) -> ObserveForm:
        self.whom.choices = [SelectChoice("", _l("Choose")), *(SelectChoice(value, label) for value, label in pairs)]
        return self

    @property
    def chosen(self) -> tuple[str, int]:
        """The session's slug, and the person."""
        slug, _, person = self.whom.data.rpartition("/")
        return slug, whole_number(person) or 0

    @property
    def seen(self) -> Seen:
        return Seen(is_ready=self.is_ready.data, strengths=self.strengths.data, advice=self.advice.data or "")


class AlongForm(Form):
    session = SelectField(_l("Your session"), validators=[REQUIRED])
    email = StringField(
        _l("E-mail address of who runs it with you"),
        validators=[REQUIRED, Length(max=254, message=_l("Use at most 254 characters."))],
        render_kw={"type": "email", "autocomplete": "off"},
    )

    def offer(self, pairs: Iterable[tuple[int, str]]) -> AlongForm:
        self.session.choices = [SelectChoice(str(value), label) for value, label in pairs]
        return self
