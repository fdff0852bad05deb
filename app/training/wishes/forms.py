"""What is typed about a wish, why it is closed, and how long its people may sign up before the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from app.capabilities.choices import LEVEL_CHOICES
from app.training.rules import MAX_REASON
from app.training.wishes.rules import MAX_HEAD_START, MAX_TITLE, MAX_WHY
from app.training.wishes.service import Asked
from app.web.forms import REQUIRED, Form, choices, fail, grouped_choices
from app.web.i18n import LANGUAGE_NAMES
from app.web.numbers import whole_number


class WishForm(Form):
    """`seen` names the similar wishes that the person has looked at and passed by."""

    seen = HiddenField()
    title = StringField(
        _l("What do you want to learn?"),
        validators=[REQUIRED, Length(max=MAX_TITLE, message=_l("Use at most 120 characters."))],
        render_kw={"maxlength": MAX_TITLE, "autocomplete": "off"},
    )
    why = TextAreaField(
        _l("Why"),
        validators=[Length(max=MAX_WHY, message=_l("Use at most 300 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_WHY},
    )
    capability = SelectField(_l("Capability"), default="")
    level = SelectField(_l("Level"), choices=LEVEL_CHOICES, default="")
    language = SelectField(_l("Language you want it in"), choices=choices(LANGUAGE_NAMES.items()))
    votes = BooleanField(_l("I want it myself, too"))

    def offer(self, areas: Mapping[str, Sequence[tuple[int, str]]], *, for_others: bool) -> WishForm:
        """Fill in the capabilities by the name of their area. Only those who may note a wish `for_others` are asked whether
        it is their own.
        """
        self.capability.choices = grouped_choices(_l("Not on one capability"), areas)
        if not for_others:
            del self.votes
        return self

    def validate_title(self, field: StringField) -> None:
        field.data = " ".join(field.data.split())
        if len(field.data) < 2 or not field.data.isprintable():
            fail(_l("Say what you want to learn in 2 to 120 characters."))

    @property
    def capability_id(self) -> int | None:
        return whole_number(self.capability.data)

    @property
    def is_vote(self) -> bool:
        return "votes" not in self or self.votes.data

    def has_seen(self, wish_ids: Collection[int]) -> bool:
        """Have all of these been shown with the form?"""
        return {str(wish_id) for wish_id in wish_ids} <= set((self.seen.data or "").split(","))

    def show(self, wish_ids: Iterable[int]) -> None:
        self.seen.data = ",".join(map(str, wish_ids))

    @property
    def asked(self) -> Asked:
        """What the valid form says."""
        return Asked(
            title=self.title.data,
            why=self.why.data or "",
            capability_id=self.capability_id,
            level=int(self.level.data) if self.level.data else None,
            language=self.language.data,
        )


class CloseForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_REASON},
    )


class SessionForm(Form):
    hours = IntegerField(
        _l("Head start in hours"),
        validators=[REQUIRED, NumberRange(0, MAX_HEAD_START, message=_l("Choose between 0 and 168 hours."))],
        render_kw={"min": 0, "max": MAX_HEAD_START},
    )
