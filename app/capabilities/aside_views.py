"""Setting a framework aside, and taking it up again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.capabilities.policy import can_edit_frameworks
from app.capabilities.setting_aside import set_aside
from app.kernel.db import transaction
from app.web.access import requires

blueprint = Blueprint("frameworks_aside", __name__)


@blueprint.post("/capabilities/<framework>/aside")
@requires(can_edit_frameworks)
def set_it_aside(framework: str) -> ResponseReturnValue:
    with transaction() as session:
        set_aside(session, framework, is_aside=True)
    flash(_("It is set aside: no assessment begins with it, and what there is stays."), "good")
    return redirect(url_for("capabilities.framework", framework=framework), 303)


@blueprint.post("/capabilities/<framework>/aside/back")
@requires(can_edit_frameworks)
def take_it_up_again(framework: str) -> ResponseReturnValue:
    with transaction() as session:
        set_aside(session, framework, is_aside=False)
    flash(_("It is taken up again."), "good")
    return redirect(url_for("capabilities.framework", framework=framework), 303)
