"""The page on which documents are brought in: from a zip file at once, from repositories again and again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.utils import secure_filename

from app.accounts.login import me
from app.config import Config
from app.exchange import trees
from app.exchange.bringing import Wanted, bring_in
from app.exchange.sources import service
from app.exchange.sources.forms import ArchiveForm, SourceForm
from app.exchange.sources.hosts import check_name
from app.exchange.sources.models import ContentSource
from app.exchange.sources.policy import brings_in
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.kernel.report import Report
from app.web.access import requires
from app.web.security import large_body

blueprint = Blueprint("sources", __name__, template_folder="../templates")


@blueprint.get("/content/sources")
@requires(brings_in)
def index() -> str:
    return _page()


def _page(source: SourceForm | None = None, archive: ArchiveForm | None = None, report: Report | None = None) -> str:
    rows = db.session.execute(select(ContentSource).order_by(ContentSource.url, ContentSource.folder)).scalars()
    return render_template(
        "exchange/sources/index.html",
        sources=list(rows),
        form=source or SourceForm(formdata=None),
        archive=archive or ArchiveForm(formdata=None),
        report=report,
    )


@blueprint.post("/content/sources")
@requires(brings_in)
def follow() -> ResponseReturnValue:
    form, actor = SourceForm(), me()
    if not form.validate_on_submit():
        return _page(source=form), 422
    try:
        check_name(form.wanted.url, _config())
        with transaction() as session:
            service.follow(session, form.wanted, actor=actor, now=utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return _page(source=form), 422
    except ConflictError as error:
        form.form_errors.append(str(error))
        return _page(source=form), 409
    flash(_("It is followed. Its documents are here within a minute or two."), "good")
    return redirect(url_for("sources.index"), 303)


@blueprint.post("/content/sources/<id:source_id>/now")
@requires(brings_in)
def hurry(source_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.hurry(session, source_id, now=utc_now())
    flash(_("It is looked at within a minute."), "good")
    return redirect(url_for("sources.index"), 303)


@blueprint.post("/content/sources/<id:source_id>/delete")
@requires(brings_in)
def stop(source_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.stop_following(session, source_id)
    flash(_("It is not followed any more. What came from it stays."), "good")
    return redirect(url_for("sources.index"), 303)


@blueprint.post("/content/archive")
@large_body(lambda config: config.max_attachment_mb)
@requires(brings_in)
def unpack() -> ResponseReturnValue:
    """Bring in a zip file, or say what would happen."""
    form = ArchiveForm()
    if not form.validate_on_submit():
        return _page(archive=form), 422
    sent = form.archive.data
    name = Path(secure_filename(sent.filename or "") or "archive.zip").stem or "archive"
    with TemporaryDirectory() as scratch:
        place = Path(scratch) / f"{name}.zip"
        sent.save(place)
        try:
            with trees.opened(place) as folder:
                report = bring_in(folder, Wanted(kind=form.kind.data, name=name, dry_run=form.only_try.data))
        except InvalidInputError as error:
            form.blame(InvalidInputError(error.message, field="archive"))
            return _page(archive=form), 422
    return _page(archive=form, report=report), 200


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config
