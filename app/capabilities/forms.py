"""The forms of a framework's draft and of the links between frameworks. What they mean to a document is said here, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.capabilities.checking import LEVELS, MAX_LABEL, MAX_NAME, MAX_TEXT, Path, Problem
from app.kernel.errors import InvalidInputError
from app.kernel.types import LANGUAGES
from app.web.forms import Form

SLUG_HINT = _l(
    "Lower-case letters, digits and hyphens; its address is made of it. Whoever renames it loses nothing: its former slug is kept."
)
NO_SLUG = _l("Give it a slug, such as test-automation.")
WEIGHT_HINT = _l("How much it counts beside the others: 1 is usual, 2 is twice as much, 0 is not at all.")
STRENGTHS = [
    SelectChoice("same", _l("the same")),
    SelectChoice("part", _l("covers a part")),
    SelectChoice("supports", _l("supports")),
]


def _line(label: object, most: int = MAX_NAME, *, needed: object = None, **more: Any) -> StringField:
    """`needed` is said where nothing was typed."""
    validators = [*([InputRequired(needed)] if needed else []), Length(max=most)]
    return StringField(label, validators, render_kw={"maxlength": most}, **more)


def _text(label: object, rows: int = 3) -> TextAreaField:
    return TextAreaField(label, [Length(max=MAX_TEXT)], render_kw={"rows": rows, "maxlength": MAX_TEXT})


class _ItemForm(Form):
    """`seen` is the fingerprint of what the form was filled with, to notice that somebody else has changed it since."""

    seen = HiddenField()
    name_en = _line(_l("Name in English"))
    name_zh = _line(_l("Name in Chinese"))
    summary_en = _text(_l("In a sentence or two, in English"))
    summary_zh = _text(_l("In a sentence or two, in Chinese"))

    TEXTS: tuple[str, ...] = ("name", "summary")

    def fill(self, item: Mapping[str, Any]) -> None:
        """Show what `item` says."""
        for name in self.TEXTS:
            for code in LANGUAGES:
                self[f"{name}_{code}"].data = item[name].get(code, "")

    @property
    def item(self) -> dict[str, Any]:
        """What was typed, as the fields of a document. A language that was left empty is not there."""
        return {name: self.texts(name) for name in self.TEXTS}

    def texts(self, name: str) -> dict[str, str]:
        typed = {code: self[f"{name}_{code}"].data for code in LANGUAGES}
        return {code: text for code, text in typed.items() if text}

    def blame_problems(self, problems: Iterable[Problem], place: Path) -> None:
        """Show each problem beside the field that it is about; those of other places above the form."""
        for problem in problems:
            inside = problem.path[: len(place)] == place
            field = self.field_of(problem.path[len(place) :]) if inside else ""
            text = problem.text if inside else str(problem)
            self.blame(InvalidInputError(text, field=field or None))

    def field_of(self, path: Path) -> str:
        """The name of the field that shows this place of the item; empty where there is none."""
        names = ["_".join(map(str, path)), f"{path[0]}_en" if path else "", str(path[0]) if path else ""]
        return next((name for name in names if name in self), "")


class FrameworkForm(_ItemForm):
    official = BooleanField(
        _l("Official"), description=_l("Without it the framework is marked as unofficial wherever it is shown.")
    )
    notice_en = _text(_l("Notice in English"), 2)
    notice_zh = _text(_l("Notice in Chinese"), 2)
    source_en = _text(_l("Source in English"), 2)
    source_zh = _text(_l("Source in Chinese"), 2)

    TEXTS = ("name", "summary", "notice", "source")

    def fill(self, item: Mapping[str, Any]) -> None:
        super().fill(item)
        self.official.data = item["official"]

    @property
    def item(self) -> dict[str, Any]:
        return {**super().item, "official": self.official.data}


class NewFrameworkForm(_ItemForm):
    slug = _line(
        _l("Slug"),
        80,
        needed=NO_SLUG,
        description=_l("Lower-case letters, digits and hyphens. It stays: addresses are made of it."),
    )


class AreaForm(_ItemForm):
    slug = _line(_l("Slug"), 80, needed=NO_SLUG, description=SLUG_HINT)
    weight = _line(_l("Weight"), 10, needed=_l("Give it a number; 1 is usual."), description=WEIGHT_HINT, default="1")

    def fill(self, item: Mapping[str, Any]) -> None:
        super().fill(item)
        self.slug.data, self.weight.data = item["slug"], f"{item['weight']:g}"

    @property
    def item(self) -> dict[str, Any]:
        return {**super().item, "slug": self.slug.data or "", "weight": self.weight.data or "1"}


class CapabilityForm(AreaForm):
    area = SelectField(_l("Area"))
    needs = SelectMultipleField(
        _l("Needs"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Capabilities without which a team does not get far with this one."),
    )
    level_1_en, level_1_zh = _text(_l("Level 1 in English")), _text(_l("Level 1 in Chinese"))
    level_2_en, level_2_zh = _text(_l("Level 2 in English")), _text(_l("Level 2 in Chinese"))
    level_3_en, level_3_zh = _text(_l("Level 3 in English")), _text(_l("Level 3 in Chinese"))
    level_4_en, level_4_zh = _text(_l("Level 4 in English")), _text(_l("Level 4 in Chinese"))
    level_5_en, level_5_zh = _text(_l("Level 5 in English")), _text(_l("Level 5 in Chinese"))

    def fill(self, item: Mapping[str, Any]) -> None:
        super().fill(item)
        self.needs.data = list(item["needs"])
        for number, texts in item["levels"].items():
            for code in LANGUAGES:
                self[f"level_{number}_{code}"].data = texts.get(code, "")

    @property
    def item(self) -> dict[str, Any]:
        levels = {number: self.texts(f"level_{number}") for number in LEVELS}
        written = {number: texts for number, texts in levels.items() if texts}
        return {**super().item, "needs": self.needs.data or [], "levels": written}

    def field_of(self, path: Path) -> str:
        if path and path[0] == "levels":
            number = (
                str(path[1])
                if len(path) > 1
                else next((each for each in LEVELS if not self.texts(f"level_{each}")), "1")
            )
            return f"level_{number}_{path[2] if len(path) > 2 else 'en'}"
        return super().field_of(path)


class YamlForm(Form):
    """`revision` is that of the draft which the text replaces."""

    revision = HiddenField(default="0")
    text = TextAreaField(_l("As YAML"), render_kw={"rows": 24, "spellcheck": "false", "class": "code"})
    file = FileField(_l("Or a file"), render_kw={"accept": ".yaml,.yml"})


class PublishForm(Form):
    revision = HiddenField(default="0")
    label = StringField(
        _l("Name of the version"),
        [InputRequired(_l("Give it a name, such as 2027.1.")), Length(max=MAX_LABEL)],
        render_kw={"maxlength": MAX_LABEL},
    )
    note = TextAreaField(
        _l("What has changed and why"),
        [InputRequired(_l("Say in a sentence what teams have to know of it.")), Length(max=500)],
        description=_l("Readers see it in the list of versions; teams whose assessment moves over see it, too."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class LinkForm(Form):
    one = SelectField(_l("Capability"))
    other = SelectField(_l("Corresponds to"))
    strength = SelectField(_l("How closely"), choices=STRENGTHS)
    note_en = TextAreaField(_l("Note in English"), [Length(max=500)], render_kw={"rows": 2, "maxlength": 500})
    note_zh = TextAreaField(_l("Note in Chinese"), [Length(max=500)], render_kw={"rows": 2, "maxlength": 500})
