"""Who may see a case study. What is published is for every reader; the access mark of the view has already asked whether
this is one. Who sees and decides on what is not is a matter of the manuscript (`app.writing.policy`).
"""

from __future__ import annotations

from app.accounts.models import User
from app.case_studies.models import CaseStudy


def can_read(user: User | None, case_study: CaseStudy) -> bool:  # noqa: ARG001  # the same question for every kind
    return True
