"""What is said about a session."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.training.feedback.rules import MAX_TEXT, QUESTION_NAMES, SCALE, Answer
from app.web.forms import Form

SCORES = {1: _l("1, poor"), 2: "2", 3: _l("3, fair"), 4: "4", 5: _l("5, excellent")}


def _score(name: str) -> RadioField:
    return RadioField(
        QUESTION_NAMES[name],
        choices=[SelectChoice(str(score), SCORES[score]) for score in SCALE],
        validators=[InputRequired(_l("Choose a number from 1 to 5."))],
    )


class FeedbackForm(Form):
    content = _score("content")
    trainer = _score("trainer")
    usefulness = _score("usefulness")
    text = TextAreaField(
        _l("What should stay, what should change"),
        validators=[Optional(), Length(max=MAX_TEXT, message=_l("Use at most 2,000 characters."))],
    )

    @property
    def answer(self) -> Answer:
        """What the valid form says."""
        return Answer(
            content=int(self.content.data),
            trainer=int(self.trainer.data),
            usefulness=int(self.usefulness.data),
            text=self.text.data or "",
        )


def typed(answer: Answer | None) -> dict[str, str]:
    """An answer as the form holds it."""
    if answer is None:
        return {}
    return {
        "content": str(answer.content),
        "trainer": str(answer.trainer),
        "usefulness": str(answer.usefulness),
        "text": answer.text,
    }
