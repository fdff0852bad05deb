"""What a team says of its plan, as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.improvement.plans.models import PlanItem
from app.improvement.plans.rules import MAX_LEARNED, MAX_REASON, MAX_TITLE, MAX_WHAT
from app.improvement.plans.service import Outline, Words
from app.web.forms import REQUIRED, Form, choices, grouped_choices
from app.web.numbers import whole_number

Choices = Sequence[tuple[str, str]]


class OutlineForm(Form):
    """`was_title` and `was_review_on` are what it said when the form was opened."""

    title = StringField(
        _l("Title"),
        validators=[REQUIRED, Length(max=MAX_TITLE, message=_l("Use at most 80 characters."))],
        render_kw={"maxlength": MAX_TITLE},
    )
    review_on = DateField(_l("Assess again by"), validators=[Optional()])
    was_title = HiddenField()
    was_review_on = HiddenField()

    @property
    def outline(self) -> Outline:
        """What the valid form says."""
        return Outline(title=" ".join(self.title.data.split()), review_on=self.review_on.data)

    @property
    def was(self) -> Outline:
        """What it said when the form was opened; for nonsense what no plan says, so that it counts as out of date."""
        try:
            day = date.fromisoformat(self.was_review_on.data) if self.was_review_on.data else None
        except ValueError:
            return Outline(title="", review_on=None)
        return Outline(title=self.was_title.data or "", review_on=day)


class ItemForm(Form):
    """An item as a team words it; `owner` is chosen by the id of a person. `key` makes a form that is sent twice add once, `revision`
    is what a change began with.
    """

    what = StringField(
        _l("What to do"),
        validators=[REQUIRED, Length(max=MAX_WHAT, message=_l("Use at most 300 characters."))],
        render_kw={"maxlength": MAX_WHAT},
    )
    capability = SelectField(_l("Capability"), default="")
    owner = SelectField(_l("Who sees to it"), default="")
    due_on = DateField(_l("Due on"), validators=[Optional()])
    key = HiddenField()
    revision = HiddenField()

    def offer(self, people: Choices, capabilities: Mapping[str, Choices] | None = None) -> ItemForm:
        """Choose among these people of the team, and these capabilities by area; without any the field is left out."""
        self.owner.choices = choices([("", _l("Nobody yet")), *people])
        if capabilities is None:
            del self.capability
        else:
            self.capability.choices = grouped_choices(_l("Not on one capability"), capabilities)
        return self

    @property
    def words(self) -> Words:
        """What the valid form says."""
        return Words(
            what=" ".join(self.what.data.split()), owner_id=whole_number(self.owner.data), due_on=self.due_on.data
        )


class CloseForm(Form):
    learned = TextAreaField(
        _l("What have you learned?"),
        validators=[REQUIRED, Length(max=MAX_LEARNED, message=_l("Use at most 4,000 characters."))],
        render_kw={"rows": 6, "maxlength": MAX_LEARNED},
    )


class DropForm(Form):
    reason = StringField(
        _l("Why?"),
        validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 500 characters."))],
        render_kw={"maxlength": MAX_REASON},
    )


def typed(item: PlanItem) -> dict[str, object]:
    """An item as the form holds it."""
    return {
        "what": item.what,
        "owner": str(item.owner_id or ""),
        "due_on": item.due_on,
        "revision": str(item.revision),
    }
