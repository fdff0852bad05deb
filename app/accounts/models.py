"""People, the roles they have, the teams they are in."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.rules import Contact, Permission, permits
from app.kernel.db import Base


class User(Base):
    """A person with an account. `session_epoch` counts up to end every session the person has. `handle` is what the person is
    mentioned by; it is given when the account is made (`handles`) and stays when the name changes.
    """

    # What Flask-Login asks of whoever is logged in.
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    handle: Mapped[str] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64))
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)

    grants: Mapped[list[RoleGrant]] = relationship(cascade="all, delete-orphan", order_by="RoleGrant.role")
    memberships: Mapped[list[Membership]] = relationship(back_populates="user", cascade="all, delete-orphan")

    @property
    def roles(self) -> list[str]:
        return [grant.role for grant in self.grants]

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset(membership.team_id for membership in self.memberships)

    @property
    def contact(self) -> Contact:
        return Contact(self.id, self.email, self.language, self.time_zone)

    def may(self, permission: Permission) -> bool:
        """Does one of the person's roles carry `permission`?"""
        return permits(self.roles, permission)

    def get_id(self) -> str:
        """What the session cookie holds. A changed epoch makes it worthless."""
        return f"{self.id}.{self.session_epoch}"


class RoleGrant(Base):
    """A role that a person has."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role in ('coach', 'editor', 'leader', 'administrator')", name="role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class Team(Base):
    """A team of the company. A benchmark team leads the way and publishes what it did. `organisation` is the
    department, or the company, that its standing counts for.
    """

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    organisation: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    is_benchmark: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)

    memberships: Mapped[list[Membership]] = relationship(back_populates="team", cascade="all, delete-orphan")

    @property
    def people(self) -> list[Membership]:
        """Who is in the team: whoever leads it first, then by name."""
        return sorted(self.memberships, key=lambda membership: (not membership.is_lead, membership.user.name))


class Membership(Base):
    """A person's place in a team."""

    __tablename__ = "membership"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship(back_populates="memberships")


class Invitation(Base):
    """An open invitation to an address, with the roles that come with it."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("email"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str | None] = mapped_column(String(16))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class LoginAttempt(Base):
    """One try to log in. Counted for the lock-out, whether or not the address has an account."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_email", "email", "at"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]
    succeeded: Mapped[bool] = mapped_column(default=False)


class LinkRequest(Base):
    """Somebody asked for a link by mail, to join or to reset a password. Counted, so that no mailbox is flooded."""

    __tablename__ = "link_request"
    __table_args__ = (Index("ix_link_request_email", "email", "at"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]
