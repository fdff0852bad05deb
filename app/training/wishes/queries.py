"""Reading wishes: the board with its facets, one of them, votes and teams, what is nearly the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Membership, Team, User
from app.capabilities.models import Area, Capability
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.models import TrainingSession
from app.training.rules import State as SessionState
from app.training.wishes.models import Wish, WishVote
from app.training.wishes.rules import ALIVE, State, is_near, plain_title, words_of

FACETS = ("state", "area", "capability", "language")
CARD = (
    joinedload(Wish.capability).options(joinedload(Capability.area), joinedload(Capability.framework)),
    joinedload(Wish.training),
)
NO_SUCH_WISH = _l("There is no such wish, or its author has taken it back. Look at the others on the board.")
# So many wishes are looked through for what is nearly the same, the newest first.
LOOKED_THROUGH = 1000
MOST_SIMILAR = 5
MOST_VOTERS = 500


@dataclass(frozen=True)
class Choices:
    """What a reader chose on the board. Without a choice of state it shows what is alive."""

    state: Sequence[str] = ()
    area: Sequence[str] = ()
    capability: Sequence[str] = ()
    language: Sequence[str] = ()

    def of(self, facet: str) -> Sequence[str]:
        chosen: Sequence[str] = getattr(self, facet)
        return ALIVE if facet == "state" and not chosen else chosen


def state_column(now: datetime) -> ColumnElement[str]:
    """The state of the wish of the surrounding query, which has the session joined. Equal to `rules.state_of`."""
    took_place = and_(TrainingSession.state == SessionState.PUBLISHED, TrainingSession.ends_at <= now)
    is_coming = and_(TrainingSession.state != SessionState.CANCELLED, TrainingSession.ends_at > now)
    return case(
        (Wish.closed_at.is_not(None), State.CLOSED.value),
        (took_place, State.FULFILLED.value),
        (is_coming, State.PLANNED.value),
        else_=State.OPEN.value,
    )


def _wishes() -> Select[Wish]:
    return (
        select(Wish)
        .outerjoin(TrainingSession, Wish.training_id == TrainingSession.id)
        .outerjoin(Capability, Wish.capability_id == Capability.id)
        .outerjoin(Area, Capability.area_id == Area.id)
    )


def _votes() -> ScalarSelect[int]:
    """How many want the wish of the surrounding query."""
    return (
        select(func.count()).select_from(WishVote).where(WishVote.wish_id == Wish.id).correlate(Wish).scalar_subquery()
    )


def listed(choices: Choices, *, now: datetime, newest_first: bool = False) -> Select[Wish]:
    """The board: what most people want first, or what is newest."""
    columns = _facet_columns(now)
    chosen = [columns[name].in_(choices.of(name)) for name in FACETS if choices.of(name)]
    query = _wishes().where(*chosen).options(*CARD)
    return query.order_by(Wish.id.desc()) if newest_first else query.order_by(_votes().desc(), Wish.id.desc())


def count_facets(choices: Choices, *, now: datetime) -> dict[str, Counter[str]]:
    """For each facet, how many wishes each value would show, without the facet's own choice. One query."""
    columns = _facet_columns(now)
    rows = _wishes().with_only_columns(*(column.label(name) for name, column in columns.items())).subquery()
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for *values, number in db.session.execute(select(*rows.c, func.count()).group_by(*rows.c)):
        pairs = list(zip(FACETS, values, strict=True))
        missed = {name for name, value in pairs if choices.of(name) and value not in choices.of(name)}
        for name, value in pairs:
            if value is not None and not missed - {name}:
                counts[name][value] += number
    return counts


def _facet_columns(now: datetime) -> dict[str, ColumnElement[str]]:
    return {
        "state": state_column(now),
        "area": Area.slug.expression,
        "capability": Capability.slug.expression,
        "language": Wish.language.expression,
    }


def get_wish(wish_id: int) -> Wish:
    """With what its page shows. Raises NotFoundError."""
    wish = db.session.execute(select(Wish).where(Wish.id == wish_id).options(*CARD)).unique().scalar_one_or_none()
    if wish is None:
        raise NotFoundError(NO_SUCH_WISH)
    return wish


def count_votes(wish_ids: Collection[int]) -> dict[int, int]:
    """{wish id: number of people who want it}."""
    rows = db.session.execute(
        select(WishVote.wish_id, func.count()).where(WishVote.wish_id.in_(wish_ids)).group_by(WishVote.wish_id)
    )
    return {wish_id: number for wish_id, number in rows}


def count_teams(wish_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """{wish id: (team, number of its people who want it)}, the largest numbers first. Whoever is in two teams counts in both."""
    number = func.count()
    rows = db.session.execute(
        select(WishVote.wish_id, Team.name, number)
        .join(Membership, Membership.user_id == WishVote.user_id)
        .join(Team, Team.id == Membership.team_id)
        .where(WishVote.wish_id.in_(wish_ids))
        .group_by(WishVote.wish_id, Team.id, Team.name)
        .order_by(number.desc(), Team.name)
    )
    teams: dict[int, list[tuple[str, int]]] = {}
    for wish_id, name, count in rows:
        teams.setdefault(wish_id, []).append((name, count))
    return teams


def list_voters(wish_id: int) -> list[User]:
    """Who wants it, in the order in which they said so; at most MOST_VOTERS."""
    query = (
        select(User)
        .join(WishVote, WishVote.user_id == User.id)
        .where(WishVote.wish_id == wish_id)
        .order_by(WishVote.at, User.id)
        .limit(MOST_VOTERS)
    )
    return list(db.session.execute(query).unique().scalars())


@dataclass(frozen=True)
class Stand:
    """How one person stands to one wish, with what the buttons need."""

    id: int
    title: str
    language: str
    state: str
    is_mine: bool
    has_voted: bool
    votes_of_others: int
    session_slug: str | None
    session_is_draft: bool


def list_stands(user: User | None, wish_ids: Iterable[int], *, now: datetime) -> Mapping[int, Stand]:
    """How `user` (None for a visitor) stands to each of the wishes, by id. One query."""
    user_id = user.id if user is not None else 0
    votes = select(func.count()).select_from(WishVote).where(WishVote.wish_id == Wish.id).correlate(Wish)
    rows = db.session.execute(
        select(
            Wish.id,
            Wish.title,
            Wish.language,
            Wish.made_by_id,
            state_column(now).label("state"),
            votes.where(WishVote.user_id == user_id).scalar_subquery().label("own"),
            votes.where(WishVote.user_id != user_id).scalar_subquery().label("others"),
            TrainingSession.slug,
            TrainingSession.state.label("session_state"),
        )
        .outerjoin(TrainingSession, Wish.training_id == TrainingSession.id)
        .where(Wish.id.in_(list(wish_ids)))
    )
    return {
        row.id: Stand(
            id=row.id,
            title=row.title,
            language=row.language,
            state=row.state,
            is_mine=user is not None and row.made_by_id == user.id,
            has_voted=bool(row.own),
            votes_of_others=row.others,
            session_slug=row.slug,
            session_is_draft=row.session_state == SessionState.DRAFT,
        )
        for row in rows
    }


def find_same(title: str, *, now: datetime) -> Wish | None:
    """The wish with this very title that is still alive."""
    query = _wishes().where(Wish.normal == plain_title(title), state_column(now).in_(ALIVE)).order_by(Wish.id).limit(1)
    return db.session.execute(query).unique().scalar_one_or_none()


def list_similar(title: str, capability_id: int | None, *, now: datetime, without: int = 0) -> list[Wish]:
    """Open wishes that may be the same: those that share words first, then those on the same capability."""
    words = words_of(title)
    candidates = (
        _wishes()
        .where(state_column(now) == State.OPEN, Wish.id != without)
        .with_only_columns(Wish.id, Wish.title, Wish.capability_id)
        .order_by(_votes().desc(), Wish.id.desc())
        .limit(LOOKED_THROUGH)
    )
    near, beside = [], []
    for wish_id, other, on in db.session.execute(candidates):
        if is_near(words, words_of(other)):
            near.append(wish_id)
        elif capability_id is not None and on == capability_id:
            beside.append(wish_id)
    ids = (near + beside)[:MOST_SIMILAR]
    found = db.session.execute(select(Wish).where(Wish.id.in_(ids)).options(*CARD)).unique().scalars() if ids else ()
    return sorted(found, key=lambda wish: ids.index(wish.id))


def known_titles(titles: Iterable[str], *, now: datetime) -> set[str]:
    """Those of the normalised titles that are on the board and alive."""
    query = _wishes().where(Wish.normal.in_(list(titles)), state_column(now).in_(ALIVE))
    return set(db.session.execute(query.with_only_columns(Wish.normal)).scalars())


def count_open_of(user_id: int, *, now: datetime) -> int:
    query = _wishes().where(Wish.made_by_id == user_id, state_column(now) == State.OPEN)
    return db.session.execute(query.with_only_columns(func.count())).scalar_one()


def first_open(limit: int, *conditions: ColumnElement[bool], now: datetime) -> tuple[list[Wish], int]:
    """The open wishes that most people have, and how many there are."""
    query = _wishes().where(state_column(now) == State.OPEN, *conditions)
    total = db.session.execute(query.with_only_columns(func.count())).scalar_one()
    if not total:
        return [], 0
    first = query.options(*CARD).order_by(_votes().desc(), Wish.id.desc()).limit(limit)
    return list(db.session.execute(first).unique().scalars()), total


def is_wanted() -> ColumnElement[bool]:
    """Does anybody want the wish of the surrounding query?"""
    return select(WishVote.user_id).where(WishVote.wish_id == Wish.id).correlate(Wish).exists()


def of_person(user_id: int) -> Select[Wish]:
    """What somebody made or voted for, the newest first."""
    voted = select(WishVote.user_id).where(WishVote.wish_id == Wish.id, WishVote.user_id == user_id).correlate(Wish)
    return select(Wish).where((Wish.made_by_id == user_id) | voted.exists()).options(*CARD).order_by(Wish.id.desc())
