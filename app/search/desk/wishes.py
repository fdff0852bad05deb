"""What people look for and nobody offers yet. Editors note it on the board where everybody wishes; search does not know
whose board that is, only what the factory tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class WishList:
    """Where a query is noted as a wish, where all wishes stand, and which of some normalised queries stand there."""

    new_url: Callable[[str], str]
    board_url: Callable[[], str]
    known: Callable[[Collection[str]], Collection[str]]


def register(app: Flask, wish_list: WishList) -> None:
    app.extensions["search_wishes"] = wish_list


def current_wish_list() -> WishList:
    wish_list: WishList = current_app.extensions["search_wishes"]
    return wish_list
