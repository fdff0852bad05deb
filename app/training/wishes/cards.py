"""Cards of wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.training.wishes.models import Wish
from app.training.wishes.queries import count_teams, count_votes
from app.training.wishes.rules import State, state_of
from app.web.dates import request_now


@dataclass(frozen=True)
class WishCard:
    """What a card shows: how many want it, and the teams that they are of."""

    wish: Wish
    state: State
    votes: int
    teams: Sequence[tuple[str, int]]


def cards_of(wishes: Sequence[Wish]) -> list[WishCard]:
    """Two queries, however many there are."""
    ids = [wish.id for wish in wishes]
    votes, teams = (count_votes(ids), count_teams(ids)) if ids else ({}, {})
    now = request_now()
    return [
        WishCard(wish, state_of(wish.closed_at, wish.training, now), votes.get(wish.id, 0), teams.get(wish.id, ()))
        for wish in wishes
    ]
