"""What a framework said and says: its versions, what each changed, and the file of each."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from app.capabilities.differing import Difference, differences
from app.capabilities.documents import as_document
from app.capabilities.editing_views import names_in
from app.capabilities.files import write_framework
from app.capabilities.models import FrameworkVersion
from app.capabilities.queries import get_framework
from app.capabilities.rows import find_rows
from app.capabilities.versions import find_latest_version, get_version, list_versions
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.web.access import readers
from app.web.downloads import download
from app.web.shared import shared_page
from app.web.stored import stored_page

blueprint = Blueprint("framework_versions", __name__, template_folder="templates")


@blueprint.get("/capabilities/<framework>/versions")
@readers
@shared_page
def index(framework: str) -> str:
    found = get_framework(framework)
    return render_template("capabilities/versions.html", framework=found, versions=list_versions(found.id))


@blueprint.get("/capabilities/<framework>/versions/<id:number>")
@readers
@shared_page
def show(framework: str, number: int) -> str:
    found = get_framework(framework)
    version = get_version(found.id, number)
    before, changes = _since(found.id, version)
    names = names_in(*([before.content] if before else []), version.content)
    return render_template(
        "capabilities/version.html", framework=found, version=version, before=before, changes=changes, names=names
    )


def _since(framework_id: int, version: FrameworkVersion) -> tuple[FrameworkVersion | None, list[Difference]]:
    """The version before, and what changed since; the first has none."""
    if version.number == 1:
        return None, []
    before = get_version(framework_id, version.number - 1)
    return before, differences(before.content, version.content)


@blueprint.get("/capabilities/<framework>.yaml")
@readers
@stored_page
def file(framework: str) -> Response:
    """The latest version as a file that `content sync` and the editor read."""
    found = find_rows(db.session(), framework)
    if found is None:
        raise NotFoundError(_("There is no such framework."))
    latest = find_latest_version(found.id)
    return _yaml(latest.content if latest else as_document(found), framework)


@blueprint.get("/capabilities/<framework>/versions/<id:number>.yaml")
@readers
@stored_page
def file_of_version(framework: str, number: int) -> Response:
    version = get_version(get_framework(framework).id, number)
    return _yaml(version.content, f"{framework}-{number}")


def _yaml(content: dict[str, object], name: str) -> Response:
    return download(write_framework(content), "application/yaml", f"{name}.yaml")
