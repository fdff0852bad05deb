"""The page of a manuscript, put together for one reader. Rooms that answer a form with what is wrong use it, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts.models import User
from app.kernel.errors import InvalidInputError
from app.writing.forms import AuthorForm, SubmissionForm
from app.writing.kinds import Content, Kind, get_kind, title_of
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.policy import can_adopt, can_review, can_take, is_of_team, seen_number
from app.writing.queries import content_of, find_last_event
from app.writing.rooms import Block, Way, own_blocks, review_blocks, ways_from
from app.writing.rules import DECISIONS, EDITABLE, TRANSITIONS, State, Step


@dataclass(frozen=True)
class Standing:
    """Where a manuscript stands for one reader, and what that person can do about it now."""

    kind: Kind
    missing: tuple[object, ...]
    steps: frozenset[Step]
    may_edit: bool
    may_name_authors: bool
    may_adopt: bool
    is_author: bool
    last_event: ManuscriptEvent | None
    ways: list[Way]
    own: list[Markup]
    review: list[Markup]

    @property
    def answer(self) -> ManuscriptEvent | None:
        """What a reviewer said last, as long as the text has not moved on."""
        last = self.last_event
        return last if last and last.step in DECISIONS and last.comment else None


def manuscript_page(
    manuscript: Manuscript,
    reader: User,
    *,
    in_place: Mapping[Block, str] | None = None,
    submission: SubmissionForm | None = None,
    author: AuthorForm | None = None,
) -> str:
    """`in_place`: what stands in place of a room's block, such as its form with what was wrong."""
    number = seen_number(reader, manuscript)
    content = content_of(manuscript, number)
    kind = get_kind(manuscript.kind)
    return render_template(
        "writing/show.html",
        manuscript=manuscript,
        number=number,
        title=title_of(content),
        kind=kind,
        standing=_standing(manuscript, kind, content, reader, in_place or {}),
        text=_text(kind, manuscript, content),
        submission=submission or SubmissionForm(),
        author_form=author or AuthorForm(),
    )


def _standing(
    manuscript: Manuscript, kind: Kind, content: Content, reader: User, in_place: Mapping[Block, str]
) -> Standing:
    state = State(manuscript.state)
    possible = () if manuscript.is_kept_in_file else TRANSITIONS.steps_from(state)
    steps = frozenset(step for step in possible if can_take(reader, manuscript, step))
    writes = is_of_team(reader, manuscript)
    # Members who may only propose a change to what is published are told nothing of how it was judged.
    is_told = writes or can_review(reader) or reader.id in manuscript.reviewer_ids

    def shown(blocks: list[Block]) -> list[Markup]:
        made = (in_place.get(block) or block(manuscript, reader) for block in blocks)
        return [Markup(html) for html in made if html]  # noqa: S704  # templates of the rooms

    return Standing(
        kind=kind,
        missing=tuple(kind.missing(content)) if Step.SUBMIT in steps else (),
        steps=steps,
        may_edit=Step.SAVE in steps and state in EDITABLE,
        may_name_authors=writes and not manuscript.is_kept_in_file,
        may_adopt=manuscript.is_kept_in_file and can_adopt(reader),
        is_author=reader.id in manuscript.author_ids,
        last_event=find_last_event(manuscript) if is_told else None,
        ways=ways_from(manuscript, reader),
        own=shown(own_blocks(manuscript, reader)),
        review=shown(review_blocks(manuscript, reader)),
    )


def _text(kind: Kind, manuscript: Manuscript, content: Content) -> Markup:
    """The text as readers would see it; for a text that cannot be rendered, why."""
    try:
        return kind.page(manuscript, content, kind.render(content))
    except InvalidInputError as error:
        said = _("This cannot be shown: %(reason)s", reason=str(error))
        return Markup('<p class="note" data-tone="warn">{}</p>').format(said)
