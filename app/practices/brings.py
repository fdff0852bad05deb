"""What the library brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from app.community.moving import Move, goes_along
from app.practices import desk_views, reading, sections, subjects, views
from app.practices.adoption import parts as adoption_parts
from app.practices.adoption import sections as adoption_sections
from app.practices.adoption import views as adoption_views
from app.practices.adoption.models import Adoption
from app.practices.models import Practice
from app.practices.upkeep import jobs as upkeep_jobs
from app.practices.upkeep import messages as upkeep_messages
from app.practices.upkeep import sections as upkeep_sections
from app.practices.upkeep import views as upkeep_views
from app.practices.upkeep.models import UpkeepCheck
from app.web.shared import Part

# Upkeep comes before the page of an article, whose address takes any word.
BLUEPRINTS = (upkeep_views.blueprint, views.blueprint, desk_views.blueprint, adoption_views.blueprint)
JOBS = upkeep_jobs.JOBS
WORDINGS = (upkeep_messages.WORDINGS,)
TOPICS = (upkeep_messages.TOPICS,)
KINDS = (desk_views.KIND,)
OFFERS = (desk_views.OFFER,)
SUBJECTS = subjects.KINDS
ARTICLES = reading.ARTICLES
# The pages that answer for an article which has left its address.
PAGES = {"practices.show": "practice", "practices.source": "practice"}
# What goes along when an article gets another address.
MOVES: tuple[Move, ...] = (
    goes_along(Practice.slug, "practice"),
    goes_along(UpkeepCheck.slug, "practice"),
    goes_along(Adoption.practice_slug, "practice", Adoption.team_id),
)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS = {
    "home": (sections.newest,),
    "home-mine": (upkeep_sections.to_look_at, adoption_sections.still_so),
    "capability": (sections.on_capability,),
    "coach": (sections.owned_by,),
    "team": (adoption_sections.of_team,),
}
COUNTED_BY_CAPABILITY = (sections.counted_by_capability,)
PARTS: dict[str, Part] = {
    "upkeep": upkeep_sections.desks,
    "adopt": adoption_parts.ways,
    "adopters": adoption_parts.adopters,
}
