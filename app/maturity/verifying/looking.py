"""An assessment as the verifying coach looks at it: each answer with everything that shows it to be true, what was found, and
whether that still holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.capabilities.versions import by_slugs_of
from app.kernel.errors import NotFoundError
from app.maturity.assessing.answering import NOT_ASKED
from app.maturity.assessing.questions import Area, Question, read_areas
from app.maturity.assessing.service import is_done
from app.maturity.evidence import as_item, list_adopted
from app.maturity.models import Answer, Assessment, Finding, FindingWord
from app.maturity.rules import Step, Verdict
from app.maturity.verifying.queries import findings_of, last_at, words_of
from app.maturity.verifying.rules import Judgement, Tally, tally


def holds(
    finding: Finding | None, answer: Answer | None, words: Sequence[FindingWord], verifier_id: int | None
) -> bool:
    """Does a finding still speak of what the team says? It does not once the answer has changed, the team has replied, or somebody
    else verifies: whoever confirms has looked at everything.
    """
    if finding is None or answer is None or not is_done(answer):
        return False
    has_replied = bool(words) and words[-1].verdict is None
    return finding.answer_revision == answer.revision and finding.coach_id == verifier_id and not has_replied


@dataclass
class Item:
    """A question with its answer and what was found. `sent` and `errors` are of a form that was refused."""

    question: Question
    answer: Answer | None
    finding: Finding | None
    words: Sequence[FindingWord]
    evidence: Sequence[Mapping[str, Any]]
    is_current: bool
    sent: Judgement | None = None
    errors: dict[str, str] = field(default_factory=lambda: defaultdict(str))

    @property
    def is_unanswered(self) -> bool:
        """Has the team to answer it, before anything can be found?"""
        return not is_done(self.answer)

    @property
    def verdict(self) -> Verdict | None:
        """The finding that holds."""
        return Verdict(self.finding.verdict) if self.finding is not None and self.is_current else None

    @property
    def is_stale(self) -> bool:
        """Was there a finding, and has something happened since?"""
        return self.finding is not None and not self.is_current and not self.is_unanswered

    @property
    def final_level(self) -> int | None:
        """The level that counts if nothing more is said: the coach's where the two differ."""
        if self.verdict is Verdict.DIFFER and self.finding is not None:
            return self.finding.level
        return self.answer.level if self.answer is not None else None

    @property
    def judgement(self) -> Judgement | None:
        """What the form shows: what was just sent and refused, or the finding that holds."""
        if self.sent is not None or self.finding is None or not self.is_current:
            return self.sent
        own = self.words[-1].text if self.words else ""
        return Judgement(Verdict(self.finding.verdict), self.finding.level, own)


@dataclass
class Part:
    area: Area
    items: list[Item]

    @property
    def left(self) -> int:
        return sum(item.verdict is None for item in self.items)


@dataclass
class Desk:
    """The whole of it."""

    assessment: Assessment
    parts: list[Part]
    returned_at: datetime | None

    @property
    def items(self) -> list[Item]:
        return [item for part in self.parts for item in part.items]

    @property
    def tally(self) -> Tally:
        return tally([(item.verdict, item.is_unanswered) for item in self.items])

    @property
    def unheard(self) -> list[Item]:
        """Where the coach differs, and the team never had that level before its eyes: nobody has returned it since."""
        return [item for item in self.items if item.verdict is Verdict.DIFFER and not self._has_heard(item)]

    def is_seen(self, word: FindingWord) -> bool:
        """Has the team seen this word of a coach? It sees them when the assessment is returned."""
        return self.returned_at is not None and word.at <= self.returned_at

    def _has_heard(self, item: Item) -> bool:
        """A coach who stays at the same level after the team's reply says nothing new."""
        return any(
            word.verdict == Verdict.DIFFER and word.level == item.final_level and self.is_seen(word)
            for word in item.words
        )

    def item(self, slug: str) -> Item:
        """Raises NotFoundError for what this version of the framework does not ask."""
        found = next((item for item in self.items if item.question.slug == slug), None)
        if found is None:
            raise NotFoundError(NOT_ASKED)
        return found


def look_at(assessment: Assessment, language: str) -> Desk:
    """The same number of queries for any framework. The version's content has to be loaded."""
    answers = {answer.capability: answer for answer in assessment.answers}
    findings, threads = findings_of(assessment.id), words_of(assessment.id)
    version = assessment.version
    adopted = by_slugs_of(version, list_adopted(assessment.team_id, assessment.framework_id, language))

    def item(question: Question) -> Item:
        answer, finding = answers.get(question.slug), findings.get(question.slug)
        words = threads.get(question.slug, [])
        shown = [as_item(each) for each in answer.evidence] if answer is not None else []
        shown += [each.as_item for each in adopted.get(question.slug, [])]
        return Item(
            question, answer, finding, words, shown, is_current=holds(finding, answer, words, assessment.verifier_id)
        )

    parts = [Part(area, [item(each) for each in area.questions]) for area in read_areas(version.content)]
    return Desk(assessment, parts, last_at([assessment.id], Step.RETURN).get(assessment.id))
