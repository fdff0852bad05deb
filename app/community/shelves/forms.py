"""What is typed about a collection."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.community.shelves.rules import MAX_ABOUT, MAX_NOTE, MAX_TITLE, SIGHT_NAMES, Sight
from app.community.shelves.service import Details
from app.web.forms import REQUIRED, Form
from app.web.i18n import LANGUAGE_NAMES
from app.web.numbers import whole_number


class CollectionForm(Form):
    title = StringField(
        _l("Title"),
        validators=[REQUIRED, Length(max=MAX_TITLE, message=_l("Use at most 120 characters."))],
        render_kw={"maxlength": MAX_TITLE, "autocomplete": "off"},
    )
    about = TextAreaField(
        _l("What it is for"),
        validators=[Length(max=MAX_ABOUT, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_ABOUT},
    )
    language = SelectField(
        _l("Language of title and notes"), choices=[SelectChoice(*language) for language in LANGUAGE_NAMES.items()]
    )
    sight = RadioField(
        _l("Who sees it"),
        choices=[SelectChoice(sight.value, name) for sight, name in SIGHT_NAMES.items()],
        default=Sight.PRIVATE,
    )
    team = SelectField(_l("Edited together with"), default="")

    def offer(self, teams: Iterable[tuple[int, str]]) -> CollectionForm:
        """Fill in the teams, by (id, name)."""
        self.team.choices = [
            SelectChoice("", _l("Nobody else")),
            *[SelectChoice(str(team_id), name) for team_id, name in teams],
        ]
        return self

    @property
    def details(self) -> Details:
        """What the valid form says."""
        return Details(
            title=" ".join(self.title.data.split()),
            about=self.about.data or "",
            language=self.language.data,
            sight=Sight(self.sight.data),
            team_id=whole_number(self.team.data),
        )


class NoteForm(Form):
    note = TextAreaField(
        _l("Note"),
        validators=[Length(max=MAX_NOTE, message=_l("Use at most 300 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_NOTE},
    )
