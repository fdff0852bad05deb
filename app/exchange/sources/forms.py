"""What is asked of whoever follows a repository or brings in a zip file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from app.exchange.sources.service import Followed
from app.web.forms import Form

KIND_CHOICES = [SelectChoice("practice", _l("Practices")), SelectChoice("case-study", _l("Case studies"))]
RHYTHMS = ((1, _l("every hour")), (6, _l("every six hours")), (24, _l("every day")), (168, _l("every week")))


class SourceForm(Form):
    url = StringField(
        _l("Address of the repository"),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=500)],
        render_kw={"maxlength": 500, "autocomplete": "off"},
    )
    branch = StringField(_l("Branch"), validators=[Optional(), Length(max=200)], render_kw={"maxlength": 200})
    folder = StringField(_l("Folder"), validators=[Optional(), Length(max=300)], render_kw={"maxlength": 300})
    kind = SelectField(_l("What its documents are"), choices=KIND_CHOICES)
    every_hours = SelectField(
        _l("Look again"), choices=[SelectChoice(str(hours), name) for hours, name in RHYTHMS], default="24"
    )

    @property
    def wanted(self) -> Followed:
        return Followed(
            url=self.url.data,
            branch=self.branch.data or "",
            folder=self.folder.data or "",
            kind=self.kind.data,
            every_hours=int(self.every_hours.data),
        )


class ArchiveForm(Form):
    archive = FileField(_l("Zip file"), validators=[FileRequired(_l("Choose a file."))], render_kw={"accept": ".zip"})
    kind = SelectField(_l("What its documents are"), choices=KIND_CHOICES)
    only_try = BooleanField(_l("Only say what would happen, and change nothing"), default=True)
