"""What the pages of reviewing show, put together for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.accounts.models import User
from app.capabilities.choices import facet_shades, facet_values
from app.capabilities.queries import list_main_areas
from app.web.dates import request_now
from app.web.facets import Facet, build_facet, chosen_values
from app.web.paging import PAGE_SIZE, Page, requested_page
from app.writing.kinds import all_kinds, get_kind, title_of
from app.writing.models import Manuscript
from app.writing.policy import can_review, is_reviewer
from app.writing.queries import content_of
from app.writing.review.forms import DecisionForm, HandBackForm, RemarkForm, ReviewerForm
from app.writing.review.guarding import Asked, questions
from app.writing.review.models import AssignmentReason, HandedBack, Review
from app.writing.review.policy import Side, sees_remark, side_of
from app.writing.review.queries import (
    Waiting,
    assigned_ids,
    list_loads,
    list_remarks,
    list_reviews,
    list_waiting,
    load_manuscripts,
    reasons_of,
    who_handed_back,
)
from app.writing.review.reading import Note, Part, place_findings, place_notes, read_parts, shown_number
from app.writing.review.rules import CRITERION_NAMES, MARK_NAMES, MARK_TONES, Fit, working_days_between
from app.writing.review.settings import day_of, due_day, host_suffixes
from app.writing.rules import State

MINE, UNASSIGNED = "mine", "unassigned"


@dataclass(frozen=True)
class Waited:
    """A line of the queue. `age` is in working days."""

    manuscript: Manuscript
    due_on: date
    age: int
    is_overdue: bool
    reasons: Mapping[int, AssignmentReason]


def queue_page(user: User) -> dict[str, Any]:
    """The queue as the address asks for it, what is due first coming first."""
    waiting = list_waiting(user)
    areas = list_main_areas()
    slugs = {each.id: each.slug for area in areas for each in area.capabilities}
    mine, assigned = assigned_ids(user.id), assigned_ids(None)

    def values(each: Waiting) -> dict[str, set[str]]:
        whose = {MINE} if each.manuscript_id in mine else set()
        whose |= set() if each.manuscript_id in assigned else {UNASSIGNED}
        return {"whose": whose, "kind": {each.kind}, "capability": {slugs.get(each.capability_id or 0, "")}}

    rows = [(each, values(each)) for each in waiting]
    chosen = {name: set(chosen_values(name)) for name in ("whose", "kind", "capability")}
    left = [each for each, has in rows if all(not wanted or has[name] & wanted for name, wanted in chosen.items())]
    left.sort(key=lambda each: (_due(each), each.state_since, each.manuscript_id))
    number = requested_page()
    lines = _lines(left[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    counts = {name: Counter(value for _each, has in rows for value in has[name]) for name in chosen}
    return {
        "page": Page(lines, number, PAGE_SIZE, len(left)),
        "facets": _facets(counts, areas),
        "loads": list_loads(day_of(request_now()), request_now()),
        "total": len(waiting),
    }


def _due(each: Waiting) -> date:
    return each.due_on or due_day(each.state_since)


def _lines(waiting: Sequence[Waiting]) -> list[Waited]:
    today = day_of(request_now())
    manuscripts = {row.id: row for row in load_manuscripts([each.manuscript_id for each in waiting])}
    reasons = reasons_of(list(manuscripts))
    return [
        Waited(
            manuscript=manuscripts[each.manuscript_id],
            due_on=_due(each),
            age=working_days_between(day_of(each.state_since), today),
            is_overdue=_due(each) < today,
            reasons=reasons,
        )
        for each in waiting
        if each.manuscript_id in manuscripts
    ]


def first_waiting(user: User, number: int) -> tuple[list[Waited], int]:
    """What is due first, and how many wait."""
    waiting = sorted(list_waiting(user), key=lambda each: (_due(each), each.state_since, each.manuscript_id))
    return _lines(waiting[:number]), len(waiting)


def _facets(counts: Mapping[str, Counter[str]], areas: Sequence[Any]) -> list[Facet]:
    kinds = [(name, str(kind.label)) for name, kind in all_kinds().items()]
    _areas, capabilities = facet_values(areas)
    whose = [(MINE, _("I was asked")), (UNASSIGNED, _("Nobody was asked"))]
    return [
        build_facet("whose", _("Who reviews"), counts["whose"], whose),
        build_facet("kind", _("Kind"), counts["kind"], kinds),
        build_facet(
            "capability", _("Capability"), counts["capability"], capabilities, facet_shades(areas)["capability"]
        ),
    ]


def reason_words(reason: AssignmentReason | None, manuscript: Manuscript) -> str:
    """Why the rule chose somebody, in words."""
    if reason is None:
        return ""
    on = manuscript.capability
    said = {
        Fit.CAPABILITY: _("Chosen because: reviews this capability; %(count)s open then", count=reason.open),
        Fit.AREA: _("Chosen because: reviews in this area; %(count)s open then", count=reason.open),
        Fit.EDITOR: _("Chosen because: editor, and nobody is named for this; %(count)s open then", count=reason.open),
    }[Fit(reason.fit)]
    return said if on is not None or reason.fit == Fit.EDITOR else ""


@dataclass(frozen=True)
class Talk:
    """All that is said about one version, as one reader sees it."""

    number: int
    title: str
    side: Side | None
    parts: Sequence[Part]
    homeless: Sequence[Note]
    asked: Sequence[Asked]
    reviews: Sequence[Review]
    handed_back: Sequence[HandedBack]
    reasons: Mapping[int, AssignmentReason]
    may_decide: bool
    may_remark: bool
    may_assign: bool
    is_asked: bool
    due_on: date | None
    is_overdue: bool

    @property
    def notes(self) -> list[Note]:
        return [*(note for part in self.parts for note in part.notes), *self.homeless]

    @property
    def open_count(self) -> int:
        return sum(note.remark.is_open for note in self.notes)

    @property
    def unanswered(self) -> int:
        return sum(each.answer is None for each in self.asked)


def talk_about(manuscript: Manuscript, reader: User) -> Talk:
    kind, number = get_kind(manuscript.kind), shown_number(reader, manuscript)
    content = content_of(manuscript, number)
    side, is_waiting = side_of(reader, manuscript), manuscript.state == State.SUBMITTED
    parts = read_parts(kind, content)
    homeless = place_notes(parts, list_remarks(manuscript.id), side)
    asked = questions(kind, manuscript, content, suffixes=host_suffixes())
    place_findings(parts, asked)
    due = _due_of(manuscript) if is_waiting else None
    return Talk(
        number=number,
        title=title_of(content),
        side=side,
        parts=parts,
        homeless=homeless,
        asked=asked,
        reviews=list_reviews(manuscript.id),
        handed_back=who_handed_back(manuscript.id) if can_review(reader) else (),
        reasons=reasons_of([manuscript.id]),
        may_decide=is_waiting and is_reviewer(reader, manuscript),
        may_remark=side is Side.REVIEW and manuscript.state in {State.SUBMITTED, State.CHANGES_REQUESTED},
        may_assign=is_waiting and can_review(reader),
        is_asked=is_waiting and reader.id in manuscript.reviewer_ids,
        due_on=due,
        is_overdue=due is not None and due < day_of(request_now()),
    )


def _due_of(manuscript: Manuscript) -> date:
    return min((each.due_on for each in manuscript.assignments), default=due_day(manuscript.state_since))


def read_page(
    manuscript: Manuscript,
    reader: User,
    *,
    decision: DecisionForm | None = None,
    remark: RemarkForm | None = None,
    reviewer: ReviewerForm | None = None,
    hand_back: HandBackForm | None = None,
) -> str:
    """The page on which a version is read and judged. The forms are what could not be taken as it was sent."""
    talk = talk_about(manuscript, reader)
    return render_template(
        "writing/review/read.html",
        manuscript=manuscript,
        kind=get_kind(manuscript.kind),
        talk=talk,
        decision=decision or DecisionForm(formdata=None, number=str(talk.number)),
        remark=remark or RemarkForm(formdata=None, number=str(talk.number)),
        reviewer=reviewer or ReviewerForm(formdata=None),
        hand_back=hand_back or HandBackForm(formdata=None),
        criteria=CRITERION_NAMES,
        mark_names=MARK_NAMES,
        mark_tones=MARK_TONES,
        reason_words=reason_words,
    )


@dataclass(frozen=True)
class Summary:
    """What stands on the page of a manuscript of its review."""

    open_remarks: int
    pending: int
    asked: Sequence[Asked]
    last: Review | None
    due_on: date | None


def summary_of(manuscript: Manuscript, reader: User) -> Summary:
    side, number = side_of(reader, manuscript), shown_number(reader, manuscript)
    remarks = [remark for remark in list_remarks(manuscript.id) if sees_remark(side, remark)]
    entries = [entry for remark in remarks for entry in remark.entries]
    reviews = list_reviews(manuscript.id)
    kind = get_kind(manuscript.kind)
    return Summary(
        open_remarks=sum(remark.is_open for remark in remarks),
        pending=sum(entry.sent_at is None and entry.author_id == reader.id for entry in entries),
        asked=questions(kind, manuscript, content_of(manuscript, number), suffixes=host_suffixes()),
        last=reviews[0] if reviews else None,
        due_on=_due_of(manuscript) if manuscript.state == State.SUBMITTED else None,
    )
