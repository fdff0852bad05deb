"""How a person wants to be told of what, and the way out of mail that stands in every one of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.notifications.choosing import choose, read_choices, stop_mail
from app.notifications.links import read_way_out
from app.notifications.queries import all_ways, hour_of
from app.notifications.rules import HOURS, MAILING_NAMES, RULES, Topic
from app.notifications.topics import find_people
from app.web.access import member, public, the_member
from app.web.numbers import whole_number
from app.web.security import csrf, require_same_origin, secret_key

blueprint = Blueprint("notice_choices", __name__, template_folder="templates")
# What a program for mail sends when its reader presses "Unsubscribe" (RFC 8058).
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@blueprint.get("/notices/choices")
@member
def index() -> str:
    person = the_member()
    return render_template(
        "notifications/choices.html",
        rules=RULES,
        ways=all_ways(db.session(), person.id),
        hour=hour_of(db.session(), person.id),
        hours=HOURS,
        mailing_names=MAILING_NAMES,
        zone=person.time_zone.replace("_", " "),
    )


@blueprint.post("/notices/choices")
@member
def save() -> ResponseReturnValue:
    person = the_member()
    hour = whole_number(request.form.get("hour")) or 0
    if hour not in HOURS:
        raise InvalidInputError(_("Choose an hour."))
    mailings = {topic.value: request.form.get(f"mail-{topic}", "") for topic in Topic}
    ways = read_choices(request.form.getlist("in_app"), mailings)
    user_id, time_zone = person.id, person.time_zone
    with transaction() as session:
        choose(session, user_id, ways, hour, time_zone=time_zone, now=utc_now())
    flash(_("Saved."), "good")
    return redirect(url_for("notice_choices.index"), 303)


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def way_out(token: str) -> ResponseReturnValue:
    """What the way out of a mail leads to: GET shows a button, POST acts. Programs for mail press it themselves and want no other
    page afterwards.
    """
    found = read_way_out(secret_key(), token)
    person = find_people(db.session(), [found[0]]).get(found[0]) if found else None
    if found is None or person is None:
        raise NotFoundError(_("This link is not complete. Copy all of it, or log in and choose what you are told."))
    user_id, topic = found
    if request.method == "POST":
        is_one_click = request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]
        if not is_one_click:
            require_same_origin()
        time_zone = person.time_zone
        with transaction() as session:
            stop_mail(session, user_id, topic, time_zone=time_zone, now=utc_now())
        if is_one_click:
            return "", 200
        return redirect(url_for("notice_choices.way_out", token=token, done=1), 303)
    rule = RULES[topic] if topic else None
    return render_template("notifications/way_out.html", token=token, rule=rule, done="done" in request.args)
