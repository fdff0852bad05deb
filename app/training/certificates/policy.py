"""May this person have the paper? Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.training.certificates.models import Certificate
from app.training.policy import can_edit


def can_have_paper(user: User, certificate: Certificate) -> bool:
    """Whose it is, and those who run the session."""
    return user.id == certificate.user_id or can_edit(user, certificate.training)
