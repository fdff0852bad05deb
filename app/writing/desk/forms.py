"""What every form at the desk has, whatever kind of text it is for."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional

from app.kernel.types import LANGUAGES
from app.web.forms import Form
from app.web.i18n import language
from app.web.numbers import whole_number
from app.writing.desk.rules import is_key
from app.writing.rules import MAX_NOTE

OF_THE_DESK = frozenset({"base", "key", "note", "csrf_token"})


class NeededToSubmit:
    """Marks a field that a draft may leave open, but what is submitted may not. Checked when it is submitted."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: object, field: object) -> None:
        pass


NEEDED = NeededToSubmit()


def at_most(number: int) -> Length:
    """No more characters than this."""
    return Length(max=number, message=_l("Use at most %(max)s characters.", max=f"{number:,}"))


class DeskForm(Form):
    """`base` is the number of the version that the writing began from, `key` names a form for a new text, `note` says why."""

    base = HiddenField(default="1")
    key = HiddenField()
    note = StringField(
        _l("What did you change, and why?"),
        validators=[Optional(), at_most(MAX_NOTE)],
        render_kw={"autocomplete": "off"},
    )

    @property
    def content(self) -> dict[str, Any]:
        """The content of the text as plain values, whatever was typed: a preview is shown of a form with errors, too. Line
        ends are those of the database.
        """
        return {field.short_name: plain(field.data) for field in self if field.short_name not in OF_THE_DESK}

    @property
    def language_code(self) -> str:
        """The language of a text that is not there yet."""
        chosen = self["language"].data if "language" in self else None
        return chosen if chosen in LANGUAGES else language()

    @property
    def base_number(self) -> int:
        """The version it began from; for nonsense the first, from which everything since is merged."""
        return whole_number(self.base.data) or 1

    @property
    def sent_key(self) -> str:
        """The key of the form, or a new one where what was sent cannot be one."""
        return self.key.data if is_key(self.key.data or "") else new_key()


def new_key() -> str:
    return secrets.token_urlsafe(18)


def plain(value: Any) -> Any:
    """Browsers send every line end as two characters; files and differences have one."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, list):
        return [plain(each) for each in value]
    return {name: plain(each) for name, each in value.items()} if isinstance(value, dict) else value
