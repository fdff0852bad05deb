"""What the pages of an assessment show: the framework's questions with the team's answers, and what is left to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.capabilities.documents import capabilities_of, carried_over
from app.capabilities.versions import by_slugs_of
from app.kernel.errors import NotFoundError
from app.maturity.assessing.answering import AnswerConflictError, said_in
from app.maturity.assessing.queries import Judged, findings_shown
from app.maturity.assessing.questions import Area, Question, read_areas
from app.maturity.assessing.rules import Said
from app.maturity.assessing.service import is_done
from app.maturity.evidence import Adopted, list_adopted
from app.maturity.models import Answer, Assessment
from app.maturity.policy import can_answer
from app.maturity.rules import OPEN_TO_THE_TEAM, State, Verdict
from app.maturity.snapshots.queries import latest_levels
from app.maturity.targets.queries import targets_of

NO_SUCH_AREA = _l("The framework of this assessment has nothing of that name.")


def _nothing() -> defaultdict[str, str]:
    return defaultdict(str)


@dataclass
class Item:
    """A question with what the team says to it. `said` is what the form shows: what is kept, or what was just sent and refused.
    `is_back`: a coach has returned the answers to the team.
    """

    question: Question
    answer: Answer | None
    said: Said
    adopted: Sequence[Adopted]
    judged: Judged
    last_level: int | None
    target: int | None
    base: int
    # What is wrong by the name of the field, and what was sent by it; nothing for every other name.
    errors: defaultdict[str, str] = field(default_factory=_nothing)
    sent: defaultdict[str, str] = field(default_factory=_nothing)
    theirs: Answer | None = None
    is_back: bool = False

    @property
    def is_done(self) -> bool:
        return is_done(self.answer)

    @property
    def has_open_finding(self) -> bool:
        """Does a finding wait for the team, now that the answers are back? Equal to `service.open_findings`."""
        finding = self.judged.finding
        if not self.is_back or finding is None or finding.verdict not in {Verdict.DIFFER, Verdict.ASK}:
            return False
        is_changed = self.answer is not None and self.answer.revision > finding.answer_revision
        own = (word.at for word in self.judged.words if word.verdict is None)
        return not is_changed and not any(at >= finding.at for at in own)


@dataclass
class Part:
    """An area with its items."""

    area: Area
    items: list[Item]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)


@dataclass
class Sheet:
    """An assessment, for one reader."""

    assessment: Assessment
    parts: list[Part]
    is_team: bool

    @property
    def items(self) -> list[Item]:
        return [item for part in self.parts for item in part.items]

    @property
    def is_open(self) -> bool:
        """May this reader change the answers now?"""
        return self.is_team and self.assessment.state in OPEN_TO_THE_TEAM

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if not item.is_done]

    @property
    def done(self) -> int:
        return sum(part.done for part in self.parts)

    @property
    def open_findings(self) -> list[Item]:
        return [item for item in self.items if item.has_open_finding]

    @property
    def to_do(self) -> list[Item]:
        """What the team still has to say something to, before it can be sent."""
        return [item for item in self.items if not item.is_done or item.has_open_finding]

    @property
    def no_longer_asked(self) -> list[Answer]:
        """Answers to what the version asks no more. They are kept, and count for nothing."""
        asked = {item.question.slug for item in self.items}
        return [answer for answer in self.assessment.answers if answer.capability not in asked]

    def part(self, slug: str) -> Part:
        """Raises NotFoundError."""
        found = next((part for part in self.parts if part.area.slug == slug), None)
        if found is None:
            raise NotFoundError(NO_SUCH_AREA)
        return found

    def item(self, slug: str) -> Item:
        """Raises NotFoundError."""
        found = next((item for item in self.items if item.question.slug == slug), None)
        if found is None:
            raise NotFoundError(NO_SUCH_AREA)
        return found

    def next_open(self, after: str | None = None) -> Item | None:
        """The next that is not answered, or has a finding that is not, in the order of the page and round to its beginning."""
        slugs = [item.question.slug for item in self.items]
        start = slugs.index(after) + 1 if after in slugs else 0
        turned = [*self.items[start:], *self.items[:start]]
        return next((item for item in turned if not item.is_done or item.has_open_finding), None)

    def progress(self) -> dict[str, Any]:
        """As the script gets it."""
        return {
            "done": self.done,
            "total": len(self.items),
            "areas": {part.area.slug: part.done for part in self.parts},
            "answered": [item.question.slug for item in self.items if item.is_done],
        }


def make_sheet(assessment: Assessment, reader: User, language: str) -> Sheet:
    """The same number of queries for any framework."""
    answers = {answer.capability: answer for answer in assessment.answers}
    version = assessment.version
    adopted = by_slugs_of(version, list_adopted(assessment.team_id, assessment.framework_id, language))
    judged = findings_shown(assessment)
    before = latest_levels(assessment.team_id, assessment.framework_id)
    levels = carried_over(before, capabilities_of(version.content))
    targets = by_slugs_of(version, targets_of(assessment.team_id, assessment.framework_id))

    def item(question: Question) -> Item:
        answer, target = answers.get(question.slug), targets.get(question.slug)
        return Item(
            question=question,
            answer=answer,
            said=said_in(answer),
            adopted=adopted.get(question.slug, []),
            judged=judged.get(question.slug, Judged()),
            last_level=levels.get(question.slug),
            target=target.level if target else None,
            base=answer.revision if answer else 0,
            is_back=assessment.state == State.RETURNED,
        )

    parts = [Part(area, [item(each) for each in area.questions]) for area in read_areas(version.content)]
    return Sheet(assessment, parts, is_team=can_answer(reader, assessment))


def bare_sheet(assessment: Assessment, reader: User) -> Sheet:
    """Only what counts what is done: for the script, which asks often."""
    answers = {answer.capability: answer for answer in assessment.answers}
    parts = [
        Part(
            area,
            [
                Item(each, answers.get(each.slug), said_in(answers.get(each.slug)), [], Judged(), None, None, 0)
                for each in area.questions
            ],
        )
        for area in read_areas(assessment.version.content)
    ]
    return Sheet(assessment, parts, is_team=can_answer(reader, assessment))


def show_refused(item: Item, said: Said, errors: Mapping[str, str], base: int) -> None:
    """The form again, with everything that was typed."""
    item.said, item.base = said, base
    item.errors.update(errors)


def show_conflict(item: Item, conflict: AnswerConflictError) -> None:
    """Both values: the form holds the reader's, to be saved over what is kept by whoever has seen that."""
    item.said, item.theirs, item.base = conflict.mine, conflict.theirs, conflict.theirs.revision
    item.errors["level"] = str(conflict.message)
