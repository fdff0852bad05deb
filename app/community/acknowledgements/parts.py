"""On an article: what the reader is asked to confirm, and for editors the way to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import render_template
from flask_login import current_user

from app.accounts.login import me
from app.community.acknowledgements.mine import all_asked, items_of
from app.community.acknowledgements.policy import can_ask
from app.community.articles import texts_of
from app.community.subjects import Ref


def boxes(keys: Sequence[str]) -> Iterable[str]:
    """At the end of an article, a box for whoever is asked to read it. A key is kind, slug and language."""
    return [_box(*key.split(".")) for key in keys]


def _box(kind: str, slug: str, language: str) -> str:
    if not current_user.is_authenticated:
        return ""
    ref = Ref(kind, slug)
    items = items_of(me(), [asked for asked in all_asked() if asked.ref == ref])
    if not items:
        return ""
    text_hash = "" if items[0].confirmed_at else texts_of([ref]).get((ref, language), "")
    return render_template(
        "community/acknowledgements/_box.html", item=items[0], language_read=language, text_hash=text_hash
    )


def ways(keys: Sequence[str]) -> Iterable[str]:
    """For editors: ask teams to read this, or see who has."""
    return [_way(Ref.parse(key)) for key in keys]


def _way(ref: Ref) -> str:
    if not current_user.is_authenticated or not can_ask(me()):
        return ""
    asked = next((each for each in all_asked() if each.ref == ref), None)
    return render_template("community/acknowledgements/_way.html", ref=ref, asked=asked)
