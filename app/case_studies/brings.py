"""What case studies bring to the house, of all their rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from app.case_studies import blocks, desk_views, kind, parts, reading, sections, subjects
from app.case_studies.exhibition import views as exhibition_views
from app.case_studies.impact import sections as impact_sections
from app.case_studies.impact import views as impact_views
from app.case_studies.models import CaseStudy, CreditedPractice, CreditedSession
from app.case_studies.printing import views as printing_views
from app.case_studies.search_source import CaseStudySource
from app.community.moving import Move, goes_along
from app.search.sources import Source
from app.web.shared import Part

BLUEPRINTS = (desk_views.blueprint, impact_views.blueprint, exhibition_views.blueprint, printing_views.blueprint)
SOURCES: tuple[Source, ...] = (CaseStudySource(),)
KINDS = (kind.KIND,)
OFFERS = (desk_views.OFFER,)
# What they show on the page of a manuscript.
BLOCKS = (blocks.doubts,)
SUBJECTS = subjects.KINDS
ARTICLES = reading.ARTICLES
# The pages that answer for a story which has left its address.
PAGES = dict.fromkeys(("case_studies.show", "case_studies.source", "printing.paper"), "case-study")
# What goes along when a story, or an article that one credits, gets another address.
MOVES: tuple[Move, ...] = (
    goes_along(CaseStudy.slug, "case-study"),
    goes_along(CreditedPractice.practice_slug, "practice", CreditedPractice.case_study_id),
    goes_along(CreditedSession.training_slug, "training", CreditedSession.case_study_id),
)
# What the pages of other features show of them, each in this order among the rest.
SECTIONS = {
    "home": (sections.latest,),
    "capability": (sections.on_capability, impact_sections.on_capability),
    "practice": (sections.on_practice,),
    "coach": (sections.on_coach,),
    "team": (sections.of_team,),
    "training": (sections.on_training,),
}
COUNTED_BY_CAPABILITY = (sections.counted_by_capability,)
PARTS: dict[str, Part] = {"case-study-desk": parts.desks}
