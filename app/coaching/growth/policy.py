"""Who decides about whom on the path. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission, Role


def can_observe(user: User) -> bool:
    """Coaches watch each other, and those who want to become one."""
    return Role.COACH in user.roles


def can_decide(user: User, *, is_lead: bool, are_there_leads: bool) -> bool:
    """Lead coaches; administrators as long as there is not one of them."""
    return is_lead or (not are_there_leads and user.may(Permission.MANAGE_PEOPLE))


def can_decide_about(user: User, person_id: int, *, is_lead: bool, are_there_leads: bool) -> bool:
    """Nobody decides about themselves."""
    return user.id != person_id and can_decide(user, is_lead=is_lead, are_there_leads=are_there_leads)
