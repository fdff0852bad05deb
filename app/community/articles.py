"""What of the subjects is read from beginning to end: kinds that have a page each, an owner and a text. The factory hands them over.

Reads are counted of them, and an editor can ask teams to read one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from app.community.subjects import Ref

# {(slug, language): a hash of the text that readers see}, of what is published.
Texts = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class ArticleKind:
    """`endpoint` shows one by its slug. `list_slugs` gives those that were there before a moment, or with an account's id those
    that this person answers for.
    """

    kind: str
    endpoint: str
    list_slugs: Callable[[datetime, Any | None], Sequence[str]]
    find_texts: Callable[[Collection[str]], Texts]


def init_app(app: Flask, kinds: Iterable[ArticleKind]) -> None:
    app.extensions["article kinds"] = {kind.kind: kind for kind in kinds}


def article_kinds() -> Mapping[str, ArticleKind]:
    kinds: Mapping[str, ArticleKind] = current_app.extensions["article kinds"]
    return kinds


def texts_of(refs: Iterable[Ref]) -> dict[tuple[Ref, str], str]:
    """The hashes of the texts of these, by reference and language; one question a kind."""
    slugs: dict[str, set[str]] = {}
    for ref in refs:
        slugs.setdefault(ref.kind, set()).add(ref.slug)
    kinds = article_kinds()
    return {
        (Ref(kind, slug), language): text
        for kind, of_kind in slugs.items()
        if kind in kinds
        for (slug, language), text in kinds[kind].find_texts(of_kind).items()
    }


def hash_of_text(*parts: str) -> str:
    """By which two texts are known to be the same."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
