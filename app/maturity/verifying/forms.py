"""Reading what a coach has sent: a judgement of each capability, in fields that carry its slug."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.maturity.rules import Verdict
from app.maturity.verifying.rules import MAX_TEXT, Judgement, Sent
from app.web.forms import Form, trimmed
from app.web.numbers import sent_revision, whole_number


class WordForm(Form):
    """A word to the team, or to the other coaches, with a step."""

    comment = TextAreaField(_l("A word with it"), validators=[Length(max=MAX_TEXT)], render_kw={"rows": 2})


def read_judgements(sent: Mapping[str, str], capabilities: Iterable[str]) -> dict[str, Sent]:
    """Those for which a verdict was chosen, by the slug of the capability."""
    judgements: dict[str, Sent] = {}
    for slug in capabilities:
        verdict = sent.get(f"verdict.{slug}", "")
        if verdict in set(Verdict):
            level, text = whole_number(sent.get(f"level.{slug}")), trimmed(sent.get(f"text.{slug}", ""))
            judgement = Judgement(Verdict(verdict), level, text.replace("\r\n", "\n"))
            judgements[slug] = Sent(judgement, sent_revision(sent.get(f"base.{slug}")))
    return judgements
