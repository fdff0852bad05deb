"""The desk's page: the form, what is said above it, and the preview beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.accounts.login import me
from app.kernel.errors import InvalidInputError
from app.kernel.markup import Heading
from app.web.dates import request_now
from app.web.errors import wants_json
from app.web.security import brake
from app.writing.desk.bench import Desk, Start
from app.writing.desk.forms import DeskForm
from app.writing.desk.models import Unsaved
from app.writing.desk.presence import said
from app.writing.desk.words import words_for_script
from app.writing.merging import Conflict
from app.writing.models import Manuscript
from app.writing.service import new_manuscript


@dataclass(frozen=True)
class Preview:
    """A text as readers would see it, and how long it is."""

    html: Markup
    headings: Sequence[Heading]
    words: int
    han: int
    minutes: int
    lost: Sequence[str] = ()

    @property
    def trouble(self) -> str:
        """What leads nowhere, in a sentence."""
        return _("These names lead nowhere: %(names)s", names=", ".join(self.lost)) if self.lost else ""

    @property
    def length(self) -> str:
        """How much there is to read, in words."""
        parts = [ngettext("%(num)s word", "%(num)s words", self.words)] if self.words or not self.han else []
        parts += [ngettext("%(num)s Chinese character", "%(num)s Chinese characters", self.han)] if self.han else []
        return " · ".join([*parts, _("%(minutes)s min read", minutes=self.minutes)])


@dataclass(frozen=True)
class Laid:
    """A form on the desk. `unsaved` are words that are offered, `taken` those that are in the form."""

    desk: Desk
    form: DeskForm
    address: str
    manuscript: Manuscript | None = None
    unsaved: Sequence[Unsaved] = ()
    taken: Unsaved | None = None
    start: Start | None = None
    conflicts: Sequence[Conflict] = ()
    preview: Preview | None = None

    @property
    def is_new(self) -> bool:
        return self.manuscript is None

    @property
    def language(self) -> str:
        """The language that the text is in."""
        return self.manuscript.language if self.manuscript else self.form.language_code

    @property
    def starts(self) -> Sequence[Start]:
        """What can be begun from, as long as nothing is there that would be lost."""
        return self.desk.starts if self.is_new and request.method == "GET" and not self.taken else ()

    @property
    def way_back(self) -> str:
        if self.manuscript is None:
            return url_for("writing.mine")
        return url_for("writing.show", manuscript_id=self.manuscript.id)

    def theirs(self, name: str) -> Sequence[Conflict]:
        """What somebody else wrote in this field where it was written, too."""
        return [conflict for conflict in self.conflicts if conflict.field == name]

    @property
    def for_script(self) -> Mapping[str, Any]:
        """What the script of the desk has to know."""
        return {
            "address": self.address,
            "kind": self.desk.kind.name,
            "manuscript": self.manuscript.id if self.manuscript else "",
            "person": me().id,
            "unsaved": url_for("desk.keep"),
            "pictures": "/media/pictures",
            "attachments": "/media/attachments",
            "token": url_for("desk.token"),
            "login": url_for("accounts.login"),
            "isDirty": bool(self.taken or self.conflicts or request.method == "POST"),
            "words": words_for_script(),
        }


def lay_out(laid: Laid) -> str:
    """The page."""
    others = said(laid.manuscript.id, me().id, request_now()) if laid.manuscript else []
    return render_template(laid.desk.template, laid=laid, form=laid.form, others=others, **laid.desk.context(laid.form))


def preview_answer(laid: Laid) -> ResponseReturnValue:
    """The text as readers would see it: for the script of the page the text alone, else the page with it."""
    brake("90 per minute", "preview", me().get_id())
    try:
        preview = _preview(laid)
    except InvalidInputError as error:
        if wants_json():
            return jsonify(error=str(error)), 422
        laid.form.blame(error)
        return lay_out(laid), 422
    if wants_json():
        contents = render_template("writing/_contents.html", headings=preview.headings)
        return jsonify(html=preview.html, contents=contents, length=preview.length, trouble=preview.trouble)
    return lay_out(replace(laid, preview=preview))


def _preview(laid: Laid) -> Preview:
    content, kind = laid.form.content, laid.desk.kind
    rendered = kind.render(content)
    manuscript = laid.manuscript or new_manuscript(kind, "", laid.language, now=request_now())
    html = kind.page(manuscript, content, rendered)
    return Preview(html, rendered.headings, rendered.words, rendered.han, rendered.minutes, rendered.lost)
