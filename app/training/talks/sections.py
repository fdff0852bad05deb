"""What a session's page shows of its programme, and where those who run it go to change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.training.admissions import Admission
from app.training.models import TrainingSession
from app.training.rooms import Moment, Way
from app.training.talks.agenda import agenda_of
from app.training.talks.rules import has_programme
from app.web.sections import Section


def programme(training: TrainingSession, _reader: Any) -> Section | None:
    """The agenda of an exhibition or a sharing session, once there is one."""
    agenda = agenda_of(training) if has_programme(training.kind) else None
    if agenda is None:
        return None
    return Section(_("Programme"), "training/talks/_agenda.html", [agenda], 1)


def desk(admission: Admission) -> Sequence[Way]:
    """The way to the programme for those who run such a session."""
    if not has_programme(admission.kind):
        return ()
    return (Way(_("Programme"), url_for("talks.programme", slug=admission.slug), "list-ordered", Moment.BEFORE),)
