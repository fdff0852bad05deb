"""A maturity model as data. Everything else in the house hangs on a capability and a level."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.kernel.types import Localized


class Framework(Base):
    """A model such as the continuous-delivery framework. `position` 0 is the one that the library is sorted by."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    is_official: Mapped[bool] = mapped_column(default=False)
    name: Mapped[Localized]
    summary: Mapped[Localized]
    notice: Mapped[Localized]
    source: Mapped[Localized]

    areas: Mapped[list[Area]] = relationship(
        back_populates="framework", cascade="all, delete-orphan", order_by="Area.position"
    )


class Area(Base):
    """A part of a framework. `hue` (1 to 7) is its place among the colours of the design system."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("framework_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    name: Mapped[Localized]
    summary: Mapped[Localized]

    framework: Mapped[Framework] = relationship(back_populates="areas")
    capabilities: Mapped[list[Capability]] = relationship(
        back_populates="area", cascade="all, delete-orphan", order_by="Capability.position"
    )

    @property
    def hue(self) -> int:
        return self.position % 7 + 1


class Capability(Base):
    """What a team can be good at, described at levels 1 to 5 where the framework has levels."""

    __tablename__ = "capability"
    __table_args__ = (UniqueConstraint("framework_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    name: Mapped[Localized]
    summary: Mapped[Localized]

    framework: Mapped[Framework] = relationship()
    area: Mapped[Area] = relationship(back_populates="capabilities")
    levels: Mapped[list[Level]] = relationship(
        back_populates="capability", cascade="all, delete-orphan", order_by="Level.number"
    )


class Level(Base):
    """What a team does at this level of a capability."""

    __tablename__ = "level"
    __table_args__ = (CheckConstraint("number between 1 and 5", name="number"),)

    capability_id: Mapped[int] = mapped_column(ForeignKey("capability.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    description: Mapped[Localized]

    capability: Mapped[Capability] = relationship(back_populates="levels")


class Crosswalk(Base):
    """A capability of one framework and the capability of another that it corresponds to, and how closely."""

    __tablename__ = "crosswalk"
    __table_args__ = (CheckConstraint("strength in ('same', 'part', 'supports')", name="strength"),)

    from_id: Mapped[int] = mapped_column(ForeignKey("capability.id", ondelete="CASCADE"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("capability.id", ondelete="CASCADE"), primary_key=True, index=True)
    strength: Mapped[str] = mapped_column(String(16))
    note: Mapped[Localized]

    origin: Mapped[Capability] = relationship(foreign_keys=from_id)
    target: Mapped[Capability] = relationship(foreign_keys=to_id)
