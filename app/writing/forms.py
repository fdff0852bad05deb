"""What is typed on the page of a manuscript."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.web.forms import Form
from app.writing.rules import MAX_COMMENT


class SubmissionForm(Form):
    comment = TextAreaField(
        _l("A word to those who review"),
        validators=[
            Optional(),
            Length(max=MAX_COMMENT, message=_l("Use at most %(max)s characters.", max=f"{MAX_COMMENT:,}")),
        ],
        render_kw={"rows": 3},
    )


class AuthorForm(Form):
    email = StringField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Whose name is to be added? Write the address.")), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off"},
    )
