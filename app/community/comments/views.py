"""Writing, changing, hiding comments, and the address of each. They are read on the pages they are about."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.community.comments import service
from app.community.comments.forms import CommentForm, HideForm
from app.community.comments.models import Comment
from app.community.comments.parts import PAGE
from app.community.comments.policy import can_edit, can_hide
from app.community.comments.queries import NO_SUCH_COMMENT, get_comment, page_of
from app.community.subjects import Ref, Subject, find_subject, get_subject
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.web.access import ensure, member, readers, requires
from app.web.dates import request_now
from app.web.i18n import language
from app.web.numbers import whole_number
from app.web.shared import reader
from app.web.stored import request_revision

blueprint = Blueprint("comments", __name__, template_folder="../templates")


@blueprint.get("/comments/<id:comment_id>")
@readers
def show(comment_id: int) -> ResponseReturnValue:
    """The comment on its page."""
    comment = get_comment(comment_id)
    return redirect(_place(_subject_of(comment), comment), 302)


@blueprint.route("/comments/on/<kind>/<slug>", methods=["GET", "POST"])
@member
def write(kind: str, slug: str) -> ResponseReturnValue:
    actor, subject = me(), get_subject(Ref(kind, slug), me(), language())
    form = CommentForm(after=str(request_revision()), thread=request.args.get("thread", ""))
    if form.validate_on_submit():
        try:
            words = service.words_of(form.text.data)
            with transaction() as session:
                comment, _new = service.write(
                    session,
                    subject,
                    words,
                    thread_id=whole_number(form.thread.data),
                    form_key=form.after.data or "",
                    actor=actor,
                    now=utc_now(),
                )
                comment_id = comment.id
        except InvalidInputError as error:
            form.blame(error)
        else:
            return redirect(_place(subject, get_comment(comment_id)), 303)
    page = render_template("community/comments/write.html", form=form, subject=subject)
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/comments/<id:comment_id>/edit", methods=["GET", "POST"])
@member
def edit(comment_id: int) -> ResponseReturnValue:
    comment, actor = get_comment(comment_id), me()
    subject = _subject_of(comment)
    ensure(comment.author_id == actor.id)
    form = CommentForm(text=comment.source)
    if form.validate_on_submit():
        try:
            words = service.words_of(form.text.data)
            with transaction() as session:
                service.edit(session, comment_id, subject, words, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            return redirect(_place(subject, get_comment(comment_id)), 303)
    is_late = not can_edit(actor, comment, request_now())
    page = render_template("community/comments/edit.html", form=form, subject=subject, comment=comment, is_late=is_late)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/comments/<id:comment_id>/delete")
@member
def remove(comment_id: int) -> ResponseReturnValue:
    actor, subject = me(), _subject_of(get_comment(comment_id))
    with transaction() as session:
        service.remove(session, comment_id, actor=actor, now=utc_now())
    flash(_("Your comment is taken back."), "good")
    return redirect(subject.url + "#comments", 303)


@blueprint.route("/comments/<id:comment_id>/hiding", methods=["GET", "POST"])
@requires(can_hide)
def hide(comment_id: int) -> ResponseReturnValue:
    comment, actor, form = get_comment(comment_id), me(), HideForm()
    subject = _subject_of(comment)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.hide(session, comment_id, subject, reason=form.reason.data, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The comment is hidden. Its author is told why."), "good")
            return redirect(_place(subject, get_comment(comment_id)), 303)
    page = render_template("community/comments/hide.html", form=form, subject=subject, comment=comment)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/comments/<id:comment_id>/restoring")
@requires(can_hide)
def restore(comment_id: int) -> ResponseReturnValue:
    actor, subject = me(), _subject_of(get_comment(comment_id))
    with transaction() as session:
        service.restore(session, comment_id, actor=actor)
    flash(_("Everybody can read the comment again."), "good")
    return redirect(_place(subject, get_comment(comment_id)), 303)


@blueprint.post("/comments/<id:comment_id>/answered")
@member
def answered(comment_id: int) -> ResponseReturnValue:
    actor, subject = me(), _subject_of(get_comment(comment_id))
    is_answered = request.form.get("answered") == "y"
    with transaction() as session:
        service.mark_answered(session, comment_id, subject, is_answered=is_answered, actor=actor, now=utc_now())
    return redirect(_place(subject, get_comment(comment_id)), 303)


def _subject_of(comment: Comment) -> Subject:
    """What it is about, if the reader may see that. Raises NotFoundError."""
    subject = find_subject(Ref(comment.kind, comment.slug), reader(), language())
    if subject is None:
        raise NotFoundError(NO_SUCH_COMMENT)
    return subject


def _place(subject: Subject, comment: Comment) -> str:
    number = page_of(comment)
    page = f"?{PAGE}={number}" if number > 1 else ""
    return f"{subject.url}{page}#comment-{comment.id}"
