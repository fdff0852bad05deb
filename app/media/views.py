"""Serving pictures and attachments, and taking them."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.errors import DomainError, InvalidInputError
from app.media import guarding
from app.media.forms import AttachmentForm, PictureForm
from app.media.refusals import refuse
from app.media.service import (
    MAX_TEXT,
    MEGABYTE,
    Taken,
    list_own,
    markdown_for,
    take_attachment,
    take_picture,
    used_today,
)
from app.media.store import ATTACHMENT_TYPES, MAX_BYTES, NAME, TYPES, find_attachment, find_guarded, guarded_url
from app.web.access import member, readers, the_member
from app.web.errors import wants_json
from app.web.security import large_body

blueprint = Blueprint("media", __name__, template_folder="templates")
# A file opened by itself is a document: it gets to run nothing and load nothing.
HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/media/<name>")
@readers
def show(name: str) -> Response:
    config = _config()
    if not NAME.fullmatch(name) or not (config.media_dir / name).is_file():
        abort(404)
    return _for_ever(send_from_directory(config.media_dir, name, mimetype=TYPES[Path(name).suffix]))


@blueprint.get("/media/files/<stem>/<name>")
@readers
def download(stem: str, name: str) -> Response:
    """An attachment, to be saved: no browser shows it inside the site."""
    path = find_attachment(_config().media_dir, stem, name)
    if path is None:
        abort(404)
    return _for_ever(
        send_from_directory(
            path.parent, path.name, mimetype=ATTACHMENT_TYPES[path.suffix], as_attachment=True, download_name=name
        )
    )


@blueprint.get("/media/guarded/<stem>/<name>")
@member
def guarded(stem: str, name: str) -> Response:
    """A file whose readers are asked. Whoever may not read it learns not even that it is there."""
    url = guarded_url(stem, name)
    path = find_guarded(_config().media_dir, url)
    if path is None or not guarding.may_read(the_member(), url):
        abort(404)
    types = TYPES | ATTACHMENT_TYPES
    answer = send_from_directory(
        path.parent,
        path.name,
        mimetype=types[path.suffix],
        as_attachment=path.suffix in ATTACHMENT_TYPES,
        download_name=name,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = HARMLESS
    return answer


def _for_ever(answer: Response) -> Response:
    audience = "private" if _config().members_only else "public"
    answer.headers["Cache-Control"] = f"{audience}, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = HARMLESS
    return answer


@blueprint.get("/media/uploads")
@member
def uploads() -> str:
    """The way without script: choose a file, and copy what goes into the text."""
    return _page(PictureForm(formdata=None), AttachmentForm(formdata=None))


@blueprint.post("/media/pictures")
@large_body(lambda _config: MAX_BYTES // MEGABYTE)
@member
def add_picture() -> ResponseReturnValue:
    """Keep a picture (the file `file`, its words `text`); answers JSON to whoever asks for it."""
    form, person, config = PictureForm(), the_member(), _config()
    try:
        data, name = _sent()
        text = (form.text.data or "")[:MAX_TEXT]
        return _taken(take_picture(data, name, user_id=person.id, config=config, now=utc_now(), text=text))
    except DomainError as error:
        return _refused(error, form, AttachmentForm(formdata=None))


@blueprint.post("/media/attachments")
@large_body(lambda config: config.max_attachment_mb)
@member
def add_attachment() -> ResponseReturnValue:
    """Keep a document (the file `file`); answers JSON to whoever asks for it."""
    form, person, config = AttachmentForm(), the_member(), _config()
    try:
        data, name = _sent()
        return _taken(take_attachment(data, name, user_id=person.id, config=config, now=utc_now()))
    except DomainError as error:
        return _refused(error, PictureForm(formdata=None), form)


def _sent() -> tuple[bytes, str]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise refuse("empty")
    return sent.stream.read(), sent.filename


def _refused(error: DomainError, picture: PictureForm, attachment: AttachmentForm) -> ResponseReturnValue:
    """The page again, with the reason beside the file; for a program the error as it is."""
    if wants_json():
        raise error
    form = picture if request.endpoint == "media.add_picture" else attachment
    form.blame(InvalidInputError(error.message, field="file"))
    return _page(picture, attachment), error.status


def _taken(taken: Taken) -> ResponseReturnValue:
    if not wants_json():
        flash(_("It is here. Copy the line below into your text."), "good")
        return redirect(url_for("media.uploads", _anchor=f"upload-{taken.id}"), 303)
    answer = {"url": taken.url, "name": taken.name, "bytes": taken.size, "markdown": taken.markdown}
    if taken.kind == "picture":
        answer |= {"width": taken.width, "height": taken.height}
    if taken.was_animated:
        answer["note"] = _("Of an animation only the first picture is shown.")
    return jsonify(answer), 201


def _page(picture: PictureForm, attachment: AttachmentForm) -> str:
    config, person = _config(), the_member()
    own = [(each, markdown_for(each.kind, each.name, each.original_name, each.text)) for each in list_own(person.id)]
    return render_template(
        "media/uploads.html",
        picture_form=picture,
        attachment_form=attachment,
        own=own,
        used_mb=round(used_today(person.id, now=utc_now()) / MEGABYTE),
        config=config,
        max_picture_mb=MAX_BYTES // MEGABYTE,
        attachment_types=", ".join(suffix[1:].upper() for suffix in ATTACHMENT_TYPES),
    )


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config
