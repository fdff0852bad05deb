"""What a coach finds, and when an assessment can be returned or confirmed. No database, no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError
from app.maturity.rules import LEVELS, Verdict

MAX_TEXT = 4000


@dataclass(frozen=True)
class Judgement:
    """What a coach says of an answer."""

    verdict: Verdict
    level: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Sent:
    """A judgement, and the revision of the answer that the coach had before the eyes."""

    judgement: Judgement
    base: int


@dataclass(frozen=True)
class Tally:
    """How far a coach has come. `left` has no finding that holds; `unanswered` of them is for the team to answer first."""

    agreed: int
    differs: int
    asked: int
    left: int
    unanswered: int

    @property
    def total(self) -> int:
        return self.agreed + self.differs + self.asked + self.left

    @property
    def can_return(self) -> bool:
        """Is there anything for the team to do?"""
        return bool(self.differs or self.asked or self.unanswered)

    @property
    def can_confirm(self) -> bool:
        return bool(self.total) and not (self.left or self.asked)


def check(judgement: Judgement, answer_level: int | None) -> Judgement:
    """What is kept of it: a level belongs to "differs" alone. Raises InvalidInputError."""
    text, level = judgement.text.strip(), judgement.level
    if len(text) > MAX_TEXT:
        raise InvalidInputError(_l("Use at most 4,000 characters."), field="text")
    if judgement.verdict is not Verdict.DIFFER:
        if judgement.verdict is Verdict.ASK and not text:
            raise InvalidInputError(
                _l("Say what would convince you; the team has to know what to look for."), field="text"
            )
        return Judgement(judgement.verdict, None, text)
    if level not in LEVELS:
        raise InvalidInputError(_l("Choose the level at which you see the team."), field="level")
    if level == answer_level:
        raise InvalidInputError(_l("That is what the team says, too. Agree, or choose another level."), field="level")
    if not text:
        raise InvalidInputError(
            _l("Say why; the team reads it, and so does whoever looks at the result later."), field="text"
        )
    return Judgement(Verdict.DIFFER, level, text)


def tally(standings: Sequence[tuple[Verdict | None, bool]]) -> Tally:
    """Of (the finding that holds, does the team have to answer first)."""
    verdicts = [verdict for verdict, _ in standings]
    return Tally(
        agreed=verdicts.count(Verdict.AGREE),
        differs=verdicts.count(Verdict.DIFFER),
        asked=verdicts.count(Verdict.ASK),
        left=verdicts.count(None),
        unanswered=sum(verdict is None and is_unanswered for verdict, is_unanswered in standings),
    )
