"""A maturity model as data. Everything else in the house hangs on a capability and a level."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.kernel.types import Localized


class Framework(Base):
    """A model such as the continuous-delivery framework. `position` 0 is the one that the library is sorted by. With one that
    `is_aside` nothing begins any more.

    Its areas and capabilities are those of its latest version, `number`; what each version said is in `FrameworkVersion`.
    `file_hash` is what its file said when it was last brought in, so that a change made on the site is not overwritten unseen.
    """

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=0)
    file_hash: Mapped[str | None] = mapped_column(String(64))
    is_official: Mapped[bool] = mapped_column(default=False)
    is_aside: Mapped[bool] = mapped_column(default=False)
    name: Mapped[Localized]
    summary: Mapped[Localized]
    notice: Mapped[Localized]
    source: Mapped[Localized]

    areas: Mapped[list[Area]] = relationship(
        back_populates="framework", cascade="all, delete-orphan", order_by="Area.position"
    )

    @property
    def is_main(self) -> bool:
        return self.position == 0


class FrameworkVersion(Base):
    """What a framework said in one of its versions: `content` is the whole of it, as `documents.as_document` writes it. Nothing
    ever changes one: assessments and snapshots stand on it. `is_from_file` says that it came with a file and not from the site.
    """

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("framework_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    is_from_file: Mapped[bool] = mapped_column(default=False)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    framework: Mapped[Framework] = relationship()
    editor: Mapped[Any] = relationship("User")


class FrameworkDraft(Base):
    """The next version of a framework while it is edited, one for all its editors. `revision` is counted up by every change, to
    notice that two people edit at once; `based_on` is the number of the version that it began from. `framework_id` is None for a
    framework that is new.
    """

    __tablename__ = "framework_draft"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int | None] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"), unique=True)
    revision: Mapped[int] = mapped_column(default=0)
    based_on: Mapped[int] = mapped_column(default=0)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime]

    framework: Mapped[Framework | None] = relationship()
    editor: Mapped[Any] = relationship("User")


class Area(Base):
    """A part of a framework. `hue` (1 to 7) is its place among the colours of the design system; `weight` is how much it counts in
    the framework's score.
    """

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("framework_id", "slug"),
        CheckConstraint("weight between 0 and 100", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    weight: Mapped[float] = mapped_column(default=1.0)
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
    """What a team can be good at, described at levels 1 to 5 where the framework has levels. `weight` is how much it counts in the
    score of its area. `needs` are the slugs of capabilities of the same framework without which it does not get far.
    """

    __tablename__ = "capability"
    __table_args__ = (
        UniqueConstraint("framework_id", "slug"),
        CheckConstraint("weight between 0 and 100", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    weight: Mapped[float] = mapped_column(default=1.0)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
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


class CrosswalkOrigin(Base):
    """Where the links between two frameworks come from, one row for both directions: `first` is the slug that sorts first.
    `file_hash` is what the file said when it was last brought in; `is_edited` that they were changed on the site since.
    """

    __tablename__ = "crosswalk_origin"
    quiet: ClassVar[bool] = True

    first: Mapped[str] = mapped_column(String(80), primary_key=True)
    second: Mapped[str] = mapped_column(String(80), primary_key=True)
    file_hash: Mapped[str | None] = mapped_column(String(64))
    is_edited: Mapped[bool] = mapped_column(default=False)
