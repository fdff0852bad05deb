"""What is typed under a page, and why an editor hides it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.community.comments.rules import MAX_COMMENT, MAX_REASON
from app.web.forms import REQUIRED, Form


class CommentForm(Form):
    """`after` tells this form from the next one of the same person, `thread` is the comment that is answered."""

    after = HiddenField()
    thread = HiddenField()
    text = TextAreaField(
        _l("Your comment"),
        validators=[
            InputRequired(_l("Write something first.")),
            Length(max=MAX_COMMENT, message=_l("Use at most 4,000 characters. What is longer is an article.")),
        ],
        render_kw={"rows": 5, "maxlength": MAX_COMMENT},
    )


class HideForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 300 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_REASON},
    )
