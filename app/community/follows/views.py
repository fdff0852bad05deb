"""What a person follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.models import User
from app.accounts.queries import teams_of
from app.capabilities.queries import list_main_capabilities
from app.community.follows.queries import followed_by, most_followed
from app.community.follows.rules import FOLLOWED_KINDS
from app.community.follows.service import follow, unfollow
from app.community.subjects import Ref, Subject, all_kinds, find_many, find_subject, get_subject
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.web.access import member
from app.web.i18n import request_language

blueprint = Blueprint("follows", __name__, template_folder="templates")
SUGGESTED = 6


@blueprint.get("/following")
@member
def index() -> str:
    person, language = me(), request_language()
    refs = followed_by(person.id)
    suggested = _suggestions(person, set(refs))
    found = find_many([*refs, *suggested], person, language)
    gone = [ref for ref in refs if ref not in found]
    suggestions = [found[ref] for ref in suggested if ref in found][:SUGGESTED]
    labels = {name: kind.label for name, kind in all_kinds().items()}
    return render_template(
        "community/follows/index.html",
        groups=_by_kind(found[ref] for ref in refs if ref in found),
        gone=gone,
        suggestions=suggestions,
        labels=labels,
    )


def _by_kind(subjects: Iterable[Subject]) -> list[tuple[str, list[Subject]]]:
    listed = list(subjects)
    names = {
        "practice": _("Practices"),
        "capability": _("Capabilities"),
        "tag": _("Tags"),
        "team": _("Teams"),
        "coach": _("Coaches"),
    }
    groups = [(names[kind], [subject for subject in listed if subject.kind == kind]) for kind in FOLLOWED_KINDS]
    return [group for group in groups if group[1]]


def _suggestions(person: User, known: set[Ref]) -> Sequence[Ref]:
    """The own teams, what most others follow, and then the capabilities, of which there are always some."""
    own = [Ref("team", team.slug) for team in teams_of(person)]
    capabilities = [Ref("capability", f"{each.framework.slug}.{each.slug}") for each in list_main_capabilities()]
    wanted = [*own, *most_followed(person.id, 2 * SUGGESTED), *capabilities]
    return [ref for ref in dict.fromkeys(wanted) if ref not in known][: 3 * SUGGESTED]


@blueprint.post("/following")
@member
def change() -> ResponseReturnValue:
    """Follow something, or follow it no more, and go back to where that was."""
    person, ref = me(), Ref.parse(request.form.get("ref", ""))
    is_wanted, user_id = request.form.get("follow") == "yes", person.id
    if is_wanted:
        subject: Subject | None = get_subject(ref, person, request_language())
    else:
        subject = find_subject(ref, person, request_language())
    with transaction() as session:
        if is_wanted:
            follow(session, user_id, ref, now=utc_now())
        else:
            unfollow(session, user_id, ref)
    if subject is not None:
        words = _("You follow %(title)s now.") if is_wanted else _("You follow %(title)s no more.")
        flash(words % {"title": subject.title}, "good")
    is_from_list = request.form.get("from") == "list" or subject is None
    return redirect(url_for("follows.index") if is_from_list else subject.url, 303)  # type: ignore[union-attr]
