"""The form in which a practice is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from app.kernel.slugs import is_slug
from app.practices.kind import LABELS
from app.practices.rules import DIFFICULTIES, MAX_SUMMARY, MAX_TITLE
from app.web.forms import fail
from app.web.i18n import LANGUAGE_NAMES
from app.web.numbers import whole_number
from app.writing.desk.forms import NEEDED, DeskForm, at_most, plain

MOST_WORDS = 12
MAX_WORD = 80
MAX_BODY = 400_000
_BETWEEN = re.compile(r"[,，、;；\n]")
_LINES = re.compile(r"\n")


class PracticeForm(DeskForm):
    """A draft needs a title, no more. `content` is what the form began with: it has fields that nobody edits here."""

    title = StringField(LABELS["title"], validators=[DataRequired(_l("Please fill this in."))])
    summary = TextAreaField(LABELS["summary"], validators=[NEEDED], render_kw={"rows": 2})
    body = TextAreaField(LABELS["body"], validators=[NEEDED, at_most(MAX_BODY)])
    capability = SelectField(LABELS["capability"])
    level = SelectField(LABELS["level"])
    tags = StringField(LABELS["tags"], validators=[Optional()])
    time = StringField(LABELS["time"], validators=[Optional(), at_most(200)])
    difficulty = SelectField(LABELS["difficulty"])
    participants = TextAreaField(LABELS["participants"], validators=[Optional()], render_kw={"rows": 2})
    language = SelectField(
        _l("Language of the text"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    )
    slug = StringField(_l("Address"), validators=[Optional()], render_kw={"autocomplete": "off", "spellcheck": "false"})

    def __init__(
        self,
        content: Mapping[str, Any],
        typed: MultiDict[str, str] | None,
        *,
        capabilities: Sequence[SelectChoice],
        language: str,
        slug: str = "",
    ) -> None:
        self.before = content
        shown = {
            **content,
            "tags": ("、" if language == "zh" else ", ").join(content["tags"]),
            "participants": "\n".join(content["participants"]),
            "level": str(content["level"] or ""),
            "language": language,
            "slug": slug,
        }
        super().__init__(formdata=typed, data=shown)
        self.capability.choices = [SelectChoice("", _("Not chosen yet")), *capabilities]
        self.level.choices = [SelectChoice("", _("No level"))] + [
            SelectChoice(str(number), _("Level %(level)s", level=number)) for number in range(1, 6)
        ]
        self.difficulty.choices = [SelectChoice("", _("Not said"))] + [
            SelectChoice(key, name) for key, name in DIFFICULTIES.items()
        ]

    @property
    def content(self) -> dict[str, Any]:
        typed = {name: plain(self[name].data) or "" for name in ("title", "body", "capability", "time", "difficulty")}
        return {
            **self.before,
            **typed,
            "summary": " ".join((self.summary.data or "").split()),
            "level": whole_number(self.level.data),
            "tags": _words(self.tags.data, _BETWEEN),
            "participants": _words(self.participants.data, _LINES),
        }

    def validate_title(self, field: StringField) -> None:
        self._at_most(field, MAX_TITLE)

    def validate_summary(self, field: TextAreaField) -> None:
        self._at_most(field, MAX_SUMMARY)

    def _at_most(self, field: Any, number: int) -> None:
        """What was brought in from elsewhere may be longer, as long as nobody changes it."""
        if len(field.data or "") > number and plain(field.data) != self.before[field.short_name]:
            fail(_("Use at most %(max)s characters.", max=number))

    def validate_tags(self, field: StringField) -> None:
        self._check_words(field)

    def validate_participants(self, field: TextAreaField) -> None:
        self._check_words(field)

    def _check_words(self, field: Any) -> None:
        words = self.content[field.short_name]
        is_too_much = len(words) > MOST_WORDS or any(len(word) > MAX_WORD for word in words)
        if is_too_much and words != self.before[field.short_name]:
            fail(_("At most %(count)s, each of at most %(max)s characters.", count=MOST_WORDS, max=MAX_WORD))

    def validate_slug(self, field: StringField) -> None:
        if field.data and not is_slug(field.data):
            fail(_("Use lower-case letters, digits and hyphens."))


def _words(text: str | None, between: re.Pattern[str]) -> list[str]:
    """What stands between commas, or on lines of its own, each once."""
    return list(dict.fromkeys(word for each in between.split(text or "") if (word := " ".join(each.split()))))
