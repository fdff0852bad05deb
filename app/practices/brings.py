"""What the library brings to the house, with its room of adoption; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from app.community.moving import Move, goes_along
from app.practices import subjects, views
from app.practices.adoption import parts as adoption_parts
from app.practices.adoption import sections as adoption_sections
from app.practices.adoption import views as adoption_views
from app.practices.adoption.models import Adoption
from app.web.shared import Part

BLUEPRINTS = (views.blueprint, adoption_views.blueprint)
SUBJECTS = subjects.KINDS
# What the pages of other features show of it, each in this order among the rest.
SECTIONS = {
    "team": (adoption_sections.of_team,),
    "home-mine": (adoption_sections.still_so,),
}
# What goes along when an article gets another address.
MOVES: tuple[Move, ...] = (goes_along(Adoption.practice_slug, "practice", Adoption.team_id),)
PARTS: dict[str, Part] = {
    "adopt": adoption_parts.ways,
    "adopters": adoption_parts.adopters,
}
