"""What the rooms of case studies bring to the house. The factory takes it whole (docs/adr/0016)."""

from __future__ import annotations

from app.case_studies.exhibition import views as exhibition_views
from app.case_studies.impact import sections as impact_sections
from app.case_studies.impact import views as impact_views
from app.case_studies.printing import views as printing_views

BLUEPRINTS = (impact_views.blueprint, exhibition_views.blueprint, printing_views.blueprint)
# What the pages of other features show of them, each in this order among the rest.
SECTIONS = {"capability": (impact_sections.on_capability,)}
