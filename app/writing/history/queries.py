"""Reading versions: all of them, those that others have read, those that readers have seen; and what translations say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, undefer

from app.accounts.models import User
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.writing.history.models import TranslationSource
from app.writing.history.policy import sees_every_version
from app.writing.history.rules import READ_BY_OTHERS, is_behind
from app.writing.models import Manuscript, ManuscriptEvent, Version
from app.writing.rules import Step

NO_SUCH_VERSION = _l("There is no such version, or it is not yours to see.")
NOT_LIVE = _l("There is no such text. Search for it, or look through the library.")


def versions_for(user: User, manuscript: Manuscript) -> Select[Version]:
    """The versions that `user`, who sees the manuscript, may see; the latest first."""
    query = _versions(manuscript)
    return query if sees_every_version(user, manuscript) else query.where(_took(READ_BY_OTHERS, manuscript))


def published_versions(manuscript: Manuscript) -> Select[Version]:
    """The versions that readers see or have seen, the latest first."""
    return _versions(manuscript).where(_took({Step.ACCEPT}, manuscript))


def _versions(manuscript: Manuscript) -> Select[Version]:
    query = select(Version).where(Version.manuscript_id == manuscript.id).options(joinedload(Version.author))
    return query.order_by(Version.number.desc())


def _took(steps: Collection[Step], manuscript: Manuscript) -> ColumnElement[bool]:
    """Is it a version with which one of the steps was taken, or the one that readers see now?"""
    numbers = select(ManuscriptEvent.number).where(
        ManuscriptEvent.manuscript_id == manuscript.id, ManuscriptEvent.step.in_(steps)
    )
    return or_(Version.number.in_(numbers), Version.number == manuscript.published_number)


def marked_numbers(manuscript: Manuscript, steps: Collection[Step]) -> list[int]:
    """The numbers of the versions with which one of the steps was taken."""
    query = select(Version.number).where(Version.manuscript_id == manuscript.id, _took(steps, manuscript))
    return list(db.session.execute(query.order_by(Version.number)).scalars())


def get_from(versions: Select[Version], number: int) -> Version:
    """One of these versions, with its content. Raises NotFoundError."""
    query = versions.where(Version.number == number).options(undefer(Version.content))
    version = db.session.execute(query).unique().scalar_one_or_none()
    if version is None:
        raise NotFoundError(NO_SUCH_VERSION)
    return version


def number_before(versions: Select[Version], number: int) -> int | None:
    """The number of the version before, of those there are."""
    query = versions.with_only_columns(Version.number).where(Version.number < number).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def number_behind(versions: Select[Version], number: int) -> int | None:
    """The number of the version after, of those there are."""
    query = versions.with_only_columns(Version.number).where(Version.number > number)
    return db.session.execute(query.order_by(None).order_by(Version.number).limit(1)).scalar_one_or_none()


def list_choices(versions: Select[Version], marked: Collection[int], chosen: Iterable[int], most: int) -> list[Version]:
    """What can be chosen to be compared: the latest versions, those that others have read, and what is chosen now."""
    kept = [*sorted(marked)[-most:], *chosen]
    latest = versions.with_only_columns(Version.number).limit(most).subquery()
    query = versions.where(or_(Version.number.in_(select(latest.c.number)), Version.number.in_(kept)))
    return list(db.session.execute(query).unique().scalars())


def events_by_version(
    manuscript: Manuscript, numbers: Collection[int], steps: Collection[Step]
) -> dict[int, list[ManuscriptEvent]]:
    """Of `steps` those that were taken with these versions, in order."""
    query = (
        select(ManuscriptEvent)
        .where(
            ManuscriptEvent.manuscript_id == manuscript.id,
            ManuscriptEvent.number.in_(numbers),
            ManuscriptEvent.step.in_(steps),
        )
        .options(joinedload(ManuscriptEvent.actor))
        .order_by(ManuscriptEvent.id)
    )
    found: dict[int, list[ManuscriptEvent]] = {}
    for event in db.session.execute(query).unique().scalars():
        found.setdefault(event.number, []).append(event)
    return found


def list_live(kind: str, slug: str) -> list[Manuscript]:
    """What readers see under an address, one for each language. Raises NotFoundError where that is nothing."""
    query = select(Manuscript).where(
        Manuscript.kind == kind, Manuscript.slug == slug, Manuscript.published_number.is_not(None)
    )
    found = list(db.session.execute(query.order_by(Manuscript.language)).scalars())
    if not found:
        raise NotFoundError(NOT_LIVE)
    return found


def find_original(manuscript: Manuscript) -> Manuscript | None:
    """What the manuscript is a translation of."""
    if manuscript.translation_of is None:
        return None
    query = select(Manuscript).where(
        Manuscript.kind == manuscript.kind,
        Manuscript.slug == manuscript.slug,
        Manuscript.language == manuscript.translation_of,
    )
    return db.session.execute(query).scalar_one_or_none()


def find_source(manuscript: Manuscript, number: int | None) -> int | None:
    """Which version of the original version `number` of a translation says the same as; None where nobody has said."""
    query = select(TranslationSource.source_number).where(
        TranslationSource.manuscript_id == manuscript.id, TranslationSource.number <= (number or 0)
    )
    query = query.order_by(TranslationSource.id.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()


@dataclass(frozen=True)
class Standing:
    """What the page of a live text says of its versions. `source` and `original` are numbers of versions of the original
    where the text is a translation that is behind it: the one that it says the same as, and the one that readers see.
    """

    manuscript: Manuscript
    source: int | None = None
    original: int | None = None

    @property
    def is_behind(self) -> bool:
        return is_behind(self.source, self.original)


def find_standing(kind: str, slug: str, language: str) -> Standing | None:
    """None for what no manuscript is kept of."""
    mine, original = aliased(Manuscript), aliased(Manuscript)
    claim = (
        select(TranslationSource.source_number)
        .where(TranslationSource.manuscript_id == mine.id, TranslationSource.number <= mine.published_number)
        .order_by(TranslationSource.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    same = and_(original.kind == mine.kind, original.slug == mine.slug, original.language == mine.translation_of)
    query = (
        select(mine, claim, original.published_number)
        .outerjoin(original, same)
        .where(mine.kind == kind, mine.slug == slug, mine.language == language, mine.published_number.is_not(None))
    )
    row = db.session.execute(query).one_or_none()
    return Standing(row[0], row[1], row[2]) if row else None


def behind() -> Select[Manuscript]:
    """The live translations whose original says something else by now: the same as `rules.is_behind`."""
    original, claim = aliased(Manuscript), aliased(TranslationSource)
    latest = (
        select(func.max(claim.id))
        .where(claim.manuscript_id == Manuscript.id, claim.number <= Manuscript.published_number)
        .correlate(Manuscript)
        .scalar_subquery()
    )
    same_text = and_(
        original.kind == Manuscript.kind,
        original.slug == Manuscript.slug,
        original.language == Manuscript.translation_of,
    )
    return (
        select(Manuscript)
        .join(TranslationSource, TranslationSource.id == latest)
        .join(original, same_text)
        .where(original.published_number != TranslationSource.source_number)
        .order_by(Manuscript.title, Manuscript.id)
    )
