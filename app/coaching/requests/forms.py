"""What is typed about a request: what a team asks for, and what team and coach answer each other."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from app.accounts.models import Team
from app.capabilities.choices import LEVEL_CHOICES
from app.coaching.matching import Candidate
from app.coaching.requests.service import OVER, Asking
from app.coaching.rules import MAX_GOAL, MAX_REASON
from app.web.dates import request_today
from app.web.forms import REQUIRED, DayField, Form, choices, fail, grouped_choices
from app.web.i18n import LANGUAGE_NAMES
from app.web.numbers import whole_number

_TOO_LONG = Length(max=MAX_REASON, message=_l("Use at most 1000 characters."))


class AskForm(Form):
    """`key` is made once for each form, so that one that is sent twice asks once."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    team = SelectField(_l("For which team?"), coerce=int)
    goal = TextAreaField(
        _l("What do you want to reach?"),
        validators=[REQUIRED, Length(max=MAX_GOAL, message=_l("Use at most 2000 characters."))],
        render_kw={"rows": 5, "maxlength": MAX_GOAL},
    )
    capability = SelectField(_l("Capability"), default="")
    from_level = SelectField(_l("Where you are"), choices=LEVEL_CHOICES, default="")
    to_level = SelectField(_l("Where you want to be"), choices=LEVEL_CHOICES, default="")
    language = SelectField(_l("Language of the coaching"), choices=choices(LANGUAGE_NAMES.items()))
    wished_from = DayField(_l("Begin not before"), validators=[Optional()])
    wished_until = DayField(_l("Begin not later than"), validators=[Optional()])
    coach = SelectField(_l("Coach"), default="")

    def offer(
        self,
        teams: Sequence[Team],
        areas: Mapping[str, Sequence[tuple[int, str]]],
        coaches: Iterable[tuple[int, str]],
    ) -> AskForm:
        self.team.choices = [SelectChoice(team.id, team.name) for team in teams]
        self.capability.choices = grouped_choices(_l("None in particular"), areas)
        self.coach.choices = choices([("", _l("Whoever matches and has room")), *coaches])
        return self

    def validate_key(self, field: HiddenField) -> None:
        if not field.data or len(field.data) > 40:
            field.data = secrets.token_urlsafe(16)

    def validate_to_level(self, field: SelectField) -> None:
        if field.data and self.from_level.data and field.data <= self.from_level.data:
            fail(_l("Choose a level above the one where you are."))

    def validate_wished_until(self, field: DayField) -> None:
        if field.data and self.wished_from.data and field.data < self.wished_from.data:
            fail(_l("This day is before the other one."))
        if field.data and field.data < request_today():
            fail(OVER)

    @property
    def asking(self) -> Asking:
        """What the valid form says."""
        return Asking(
            team_id=self.team.data,
            goal=self.goal.data,
            capability_id=whole_number(self.capability.data),
            from_level=whole_number(self.from_level.data),
            to_level=whole_number(self.to_level.data),
            language=self.language.data,
            wished_from=self.wished_from.data,
            wished_until=self.wished_until.data,
            coach_id=whole_number(self.coach.data),
        )


class QuestionForm(Form):
    question = TextAreaField(
        _l("Your question"), validators=[REQUIRED, _TOO_LONG], render_kw={"rows": 3, "maxlength": MAX_REASON}
    )


class AnswerForm(Form):
    answer = TextAreaField(
        _l("Your answer"), validators=[REQUIRED, _TOO_LONG], render_kw={"rows": 4, "maxlength": MAX_REASON}
    )


class DeclineForm(Form):
    reason = TextAreaField(
        _l("Why you cannot take it"), validators=[REQUIRED, _TOO_LONG], render_kw={"rows": 3, "maxlength": MAX_REASON}
    )


class HandOverForm(Form):
    to = SelectField(_l("To whom"), coerce=int)
    words = TextAreaField(_l("Why this coach"), validators=[_TOO_LONG], render_kw={"rows": 2, "maxlength": MAX_REASON})

    def offer(self, candidates: Iterable[Candidate], before: Collection[int] = ()) -> HandOverForm:
        """`before` are those who had it already: it is said beside their names."""
        self.to.choices = [
            SelectChoice(
                each.user_id, _("%(name)s (was asked before)", name=each.name) if each.user_id in before else each.name
            )
            for each in candidates
        ]
        return self


class WithdrawForm(Form):
    reason = TextAreaField(_l("Why"), validators=[_TOO_LONG], render_kw={"rows": 2, "maxlength": MAX_REASON})
