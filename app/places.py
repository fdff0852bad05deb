"""What each place of the house shows of the features above it, in the order in which it is shown: handed over by the factory."""

from __future__ import annotations

from app.case_studies import brings as case_studies
from app.coaches import sections as coach_sections
from app.coaching import brings as coaching
from app.community import brings as community
from app.improvement import brings as improvement
from app.maturity import brings as maturity
from app.practices import brings as practices
from app.training import brings as training
from app.writing import brings as writing

SECTIONS = {
    "home": (
        *training.SECTIONS["home"],
        *case_studies.SECTIONS["home"],
        *practices.SECTIONS["home"],
        coach_sections.with_room,
    ),
    "home-mine": (
        # A coach's clock runs, so this comes first of all.
        *coaching.SECTIONS["home-mine"],
        *improvement.SECTIONS["home-mine"],
        *maturity.SECTIONS["home-mine"],
        *community.SECTIONS["home-mine"],
        *training.SECTIONS["home-mine"],
        *writing.SECTIONS["home-mine"],
        *practices.SECTIONS["home-mine"],
        *training.SECTIONS["home-mine-later"],
    ),
    "capability": (
        *practices.SECTIONS["capability"],
        *training.SECTIONS["capability"],
        coach_sections.on_capability,
        *case_studies.SECTIONS["capability"],
        *maturity.SECTIONS["capability"],
    ),
    "practice": (
        *training.SECTIONS["practice"],
        coach_sections.on_practice,
        *case_studies.SECTIONS["practice"],
    ),
    "coach": (
        *coaching.SECTIONS["coach"],
        *training.SECTIONS["coach"],
        *practices.SECTIONS["coach"],
        *case_studies.SECTIONS["coach"],
    ),
    "team": (
        *improvement.SECTIONS["team"],
        *maturity.SECTIONS["team"],
        *coaching.SECTIONS["team"],
        *practices.SECTIONS["team"],
        *case_studies.SECTIONS["team"],
    ),
    "engagement": (*coaching.SECTIONS["engagement"], *improvement.SECTIONS["engagement"]),
    "coaching-front": coaching.SECTIONS["coaching-front"],
    "coaching-week": coaching.SECTIONS["coaching-week"],
    **training.OWN_SECTIONS,
    "training": (*training.OWN_SECTIONS["training"], *case_studies.SECTIONS["training"]),
}
# How many things there are on each.
COUNTERS = {
    "capability": (
        *practices.COUNTED_BY_CAPABILITY,
        coach_sections.counted_by_capability,
        *training.COUNTED_BY_CAPABILITY,
        *case_studies.COUNTED_BY_CAPABILITY,
    )
}
