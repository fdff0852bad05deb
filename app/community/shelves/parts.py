"""What is the reader's own about a subject: on the shelf or not, read or not."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for

from app.accounts.models import User
from app.community.shelves.policy import can_edit
from app.community.shelves.queries import get_collection, kept_by, progress_of, read_by
from app.community.shelves.rules import Sight
from app.community.subjects import Ref
from app.web.shared import Piece, reader, shared


def keeping(arguments: Sequence[str]) -> list[Piece]:
    """For each subject, by its reference, the button that puts it on the shelf. One query."""
    person, refs = reader(), [Ref.parse(argument) for argument in arguments]
    on_shelf = kept_by(person.id, refs) if person is not None else set()
    return [_button(ref, is_member=person is not None, is_kept=ref in on_shelf) for ref in refs]


def _button(ref: Ref, *, is_member: bool, is_kept: bool) -> Piece:
    """The same for everybody for whom it is pressed, or is not."""

    def make() -> str:
        return render_template("community/shelves/_keep.html", ref=ref, is_member=is_member, is_kept=is_kept)

    return shared(("keep", ref, is_kept, request.path), make)


def ticks(arguments: Sequence[str]) -> list[str]:
    """For each entry, by the reference of its subject, whether the reader has read it. One query."""
    person, refs = reader(), [Ref.parse(argument) for argument in arguments]
    if person is None:
        return [""] * len(refs)
    read = read_by(person.id, refs)
    back = request.full_path.rstrip("?")
    return [render_template("community/shelves/_tick.html", ref=ref, is_read=ref in read, back=back) for ref in refs]


def progress(arguments: Sequence[str]) -> list[str]:
    """For each collection, how much of it the reader has read. The argument is its id, a dot, and how many entries are still
    there. One query.
    """
    person = reader()
    if person is None:
        return [""] * len(arguments)
    asked = [argument.split(".") for argument in arguments]
    read = progress_of(person.id, [int(collection_id) for collection_id, _total in asked])
    return [
        render_template(
            "community/shelves/_progress.html", read=min(read.get(int(collection_id), 0), int(total)), total=int(total)
        )
        for collection_id, total in asked
    ]


def ways(arguments: Sequence[str]) -> list[str]:
    """For a collection, by its slug, what the reader may do with it."""
    person = reader()
    return ["" if person is None else _ways(person, slug) for slug in arguments]


def _ways(person: User, slug: str) -> str:
    key = request.args.get("key", "")
    collection = get_collection(person, slug, key)
    edits = can_edit(person, collection)
    link = url_for("collections.show", slug=slug, key=collection.key, _external=True)
    return render_template(
        "community/shelves/_ways.html",
        collection=collection,
        edits=edits,
        link=link if edits and collection.sight == Sight.LINK else "",
        key=key,
    )
