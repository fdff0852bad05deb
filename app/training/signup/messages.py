"""How messages about a place are worded that somebody else decided about, or that wait for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Action, Message, Method
from app.notifications.rules import Topic
from app.training.messages import about, written_out
from app.training.signup.links import sign_place
from app.web.security import secret_key


def _requested(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Asked for: %(title)s", title=params["title"]),
        _("You have asked for a seat. A coach decides, and you are told."),
    )


def _approved(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Your seat: %(title)s", title=params["title"]),
        _(
            "A coach has said yes: you have a seat. If you cannot come, give it back, so that somebody else can: %(link)s",
            link=_place(params),
        ),
        calendar=Method.REQUEST,
    )


def _given(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Your seat: %(title)s", title=params["title"]),
        _("A coach has given you a seat."),
        _("Reason: %(reason)s", reason=params["reason"]),
        calendar=Method.REQUEST,
    )


def _by_lead(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Your seat: %(title)s", title=params["title"]),
        _(
            "%(lead)s has signed up your team, and you have a seat. If you cannot come, give it back on the page of the session.",
            lead=params["lead"],
        ),
        calendar=Method.REQUEST,
    )


def _refused(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("No seat: %(title)s", title=params["title"]),
        _("A coach has refused your request for a seat."),
        _("Reason: %(reason)s", reason=params["reason"]),
    )


def _taken_away(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Your place was taken away: %(title)s", title=params["title"]),
        _("A coach has taken your place in this session away."),
        _("Reason: %(reason)s", reason=params["reason"]),
        calendar=Method.CANCEL,
    )


def _given_back(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Given back: %(title)s", title=params["title"]),
        _("You have given your seat back. You can sign up again as long as sign-up is open."),
        calendar=Method.CANCEL,
    )


def _offered(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("A seat is free: %(title)s", title=params["title"]),
        _(
            "A seat became free, and it is offered to you until %(moment)s. If you do not answer, it goes to the next one.",
            moment=written_out(datetime.fromisoformat(params["until"])),
        ),
        actions=[Action(_("Accept or decline, without logging in"), _place(params))],
    )


def _lapsed(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("The offer has ended: %(title)s", title=params["title"]),
        _("You did not answer in time, so the seat has gone to the next one. You can join the waiting list again."),
    )


def _short(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Few have signed up: %(title)s", title=params["title"]),
        _(
            "%(confirmed)s have a seat, and %(minimum)s were to come for it to take place. Decide whether it does: on its page under "
            "“Seats and sign-up” you can say so or cancel it.",
            confirmed=params["confirmed"],
            minimum=params["minimum"],
        ),
        url_for("signup.seats", slug=params["slug"], _external=True),
    )


def _goes_ahead(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("It takes place: %(title)s", title=params["title"]),
        _("It is decided: this session takes place, and you have a seat."),
        calendar=Method.REQUEST,
    )


def _wished_for(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("What you wished for: %(title)s", title=params["title"]),
        _(
            "You wished for this training, and here it is. You may sign up at once; for all others sign-up opens %(moment)s.",
            moment=written_out(datetime.fromisoformat(params["opens"])),
        ),
    )


def _place(params: Mapping[str, Any]) -> str:
    token = sign_place(secret_key(), params["enrolment"], params["queue"])
    return url_for("signup.place", token=token, _external=True)


WORDINGS = {
    "seat requested": _requested,
    "seat approved": _approved,
    "seat given": _given,
    "seat by lead": _by_lead,
    "seat refused": _refused,
    "seat taken away": _taken_away,
    "seat given back": _given_back,
    "seat offered": _offered,
    "offer lapsed": _lapsed,
    "training short": _short,
    "training goes ahead": _goes_ahead,
    "training wished for": _wished_for,
}
# Of what was wished for one hears with the seats: the head start ends after some days.
TOPICS = {**dict.fromkeys(WORDINGS, Topic.SEATS), "training short": Topic.RUNNING}
