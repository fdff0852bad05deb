"""The form of a wish as the address fills it in, and the wishes that are like what stands in it."""

from __future__ import annotations

from typing import Any

from flask import request

from app.accounts.models import User
from app.capabilities.choices import choices_by_area
from app.capabilities.models import Capability
from app.capabilities.queries import list_main_areas
from app.practices.queries import versions_of
from app.training.wishes.forms import WishForm
from app.training.wishes.models import Wish
from app.training.wishes.policy import looks_after
from app.training.wishes.queries import list_similar
from app.training.wishes.rules import MAX_TITLE
from app.web.dates import request_now
from app.web.i18n import language


def blank_form(person: User) -> WishForm:
    """Filled in by `practice`, `capability` or `q` of the address. Editors who `note` what others look for do not vote."""
    areas = list_main_areas()
    by_slug = {each.slug: each for area in areas for each in area.capabilities}
    form = WishForm(data={"language": language(), "votes": "note" not in request.args, **_suggested(by_slug)})
    offered = choices_by_area(areas)
    return form.offer(offered, for_others=looks_after(person))


def _suggested(capabilities: dict[str, Capability]) -> dict[str, Any]:
    versions = versions_of(None, request.args.get("practice", "")[:80])
    if versions:
        practice = next((each for each in versions if each.language == language()), versions[0])
        return {
            "title": practice.title[:MAX_TITLE],
            "capability": str(practice.capability_id or ""),
            "level": str(practice.level or ""),
            "language": practice.language,
        }
    capability = capabilities.get(request.args.get("capability", ""))
    if capability is not None:
        return {"title": capability.name.in_(language()), "capability": str(capability.id)}
    return {"title": " ".join(request.args.get("q", "").split())[:MAX_TITLE]}


def similar_to(form: WishForm) -> list[Wish]:
    """The open wishes that may be the same as the one that stands in the form."""
    title = form.title.data or ""
    if not title and form.capability_id is None:
        return []
    return list_similar(title[:MAX_TITLE], form.capability_id, now=request_now())
