"""What is typed about an assessment, its answers and its evidence."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FloatField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.maturity.assessing.rules import MAX_UNIT, MAX_WINDOW, Said, Shown
from app.maturity.rules import MAX_EVIDENCE_TITLE, MAX_LINK, MAX_NOTE, MAX_REASON, MAX_TITLE, EvidenceKind
from app.web.forms import REQUIRED, Form
from app.web.numbers import whole_number

NOT_APPLICABLE = "na"


def _lines(text: str | None) -> str:
    """Browsers send the ends of lines in two manners."""
    return (text or "").replace("\r\n", "\n")


class StartForm(Form):
    """`team` and `framework` are chosen by their slugs."""

    team = SelectField(_l("Team"), validators=[REQUIRED])
    framework = SelectField(_l("Framework"), validators=[REQUIRED])
    title = StringField(
        _l("What it is called"),
        validators=[REQUIRED, Length(max=MAX_TITLE, message=_l("Use at most 80 characters."))],
        render_kw={"maxlength": MAX_TITLE},
    )


class AnswerForm(Form):
    """`level` is 1 to 5, or `na`; `base` is the revision that the form began with. What is wrong is said by `rules.check`."""

    level = StringField()
    reason = StringField(filters=[_lines])
    note = StringField(filters=[_lines])
    base = HiddenField()

    @property
    def said(self) -> Said:
        level = whole_number(self.level.data)
        is_not_applicable = self.level.data == NOT_APPLICABLE
        return Said(level, is_not_applicable, self.reason.data or "", self.note.data or "")

    @property
    def base_revision(self) -> int:
        """Nonsense counts as: it was not looked at."""
        return whole_number(self.base.data) or 0


class EvidenceForm(Form):
    """One form for the three kinds; `rules.check_evidence` says what each of them needs."""

    kind = HiddenField()
    title = StringField(_l("What it shows"), render_kw={"maxlength": MAX_EVIDENCE_TITLE})
    link = StringField(_l("Address"), render_kw={"maxlength": MAX_LINK, "inputmode": "url", "placeholder": "https://"})
    file = FileField(_l("File"))
    value = FloatField(_l("Value"), validators=[Optional()], render_kw={"inputmode": "decimal"})
    unit = StringField(_l("Unit"), render_kw={"maxlength": MAX_UNIT})
    window = StringField(_l("When it was measured"), render_kw={"maxlength": MAX_WINDOW})

    @property
    def evidence_kind(self) -> EvidenceKind:
        """A form that names no kind is taken for a link."""
        sent = self.kind.data
        return EvidenceKind(sent) if sent in set(EvidenceKind) else EvidenceKind.LINK

    @property
    def shown(self) -> Shown:
        return Shown(
            kind=self.evidence_kind,
            title=self.title.data or "",
            link=self.link.data or "",
            value=self.value.data,
            unit=self.unit.data or "",
            window=self.window.data or "",
        )


class WordForm(Form):
    text = TextAreaField(
        _l("Your answer to the coach"), validators=[REQUIRED, Length(max=MAX_NOTE)], render_kw={"rows": 2}
    )


class ReplyForm(Form):
    comment = TextAreaField(
        _l("Anything else the coach should know"),
        validators=[Length(max=MAX_REASON, message=_l("Use at most 1,000 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_REASON},
    )


class WithdrawForm(Form):
    reason = TextAreaField(
        _l("Why is it withdrawn?"),
        validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 1,000 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_REASON},
    )
