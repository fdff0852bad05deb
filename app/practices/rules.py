"""What an article has to be. No database, no Flask."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.kernel.markup import Rendered

DIFFICULTIES = {"easy": _l("Easy"), "moderate": _l("Moderate"), "hard": _l("Hard")}
PARTS = {
    "en": ("What", "Why", "How", "Evidence"),
    "zh": ("是什么", "为什么", "怎么做", "证据"),
}
MAX_TITLE = 120
MAX_SUMMARY = 240


def missing_parts(rendered: Rendered, language: str) -> list[str]:
    """The parts of the standard form that the text does not have as second-level headings."""
    present = {heading.text.strip() for heading in rendered.headings if heading.level == 2}
    return [part for part in PARTS[language] if part not in present]


def reading_minutes(words: int, han: int) -> int:
    """Whole minutes to read so many words and Han characters, at least one (figures: `kernel.markup`)."""
    return Rendered(html="", text="", headings=(), words=words, han=han).minutes
