"""What comes with an upload."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.media.service import MAX_TEXT
from app.media.store import ATTACHMENT_TYPES, TYPES
from app.web.forms import Form

_PICTURES = ",".join(dict.fromkeys(kind for kind in TYPES.values() if kind != "image/svg+xml"))


class PictureForm(Form):
    file = FileField(_l("Picture"), [FileRequired()], id="picture-file", render_kw={"accept": _PICTURES})
    text = StringField(
        _l("What it shows, in words"),
        [Optional(), Length(max=MAX_TEXT)],
        description=_l("For those who do not see it. Say what one learns from it, not that it is a picture."),
        id="picture-text",
        render_kw={"maxlength": MAX_TEXT},
    )


class AttachmentForm(Form):
    file = FileField(
        _l("Document"), [FileRequired()], id="attachment-file", render_kw={"accept": ",".join(ATTACHMENT_TYPES)}
    )
