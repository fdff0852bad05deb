"""What is found in a manuscript, what was said about it, and the names that editors guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.writing.kinds import Content, Kind
from app.writing.models import Manuscript
from app.writing.policy import can_review, is_of_team
from app.writing.review.findings import Finding, fold, scan
from app.writing.review.models import FindingAnswer, GuardedWord
from app.writing.review.queries import MAX_WORDS, answers_of, guarded_words
from app.writing.review.rules import MAX_BECAUSE, MAX_WORD


@dataclass(frozen=True)
class Asked:
    """Something that was found, in every place where it was, and why it may stay, if somebody said so."""

    places: Sequence[Finding]
    answer: FindingAnswer | None

    @property
    def finding(self) -> Finding:
        return self.places[0]

    @property
    def name(self) -> str:
        """The name of its passage on a page."""
        return f"found-{self.finding.digest[:8]}"


def texts_of(kind: Kind, content: Content) -> list[tuple[str, str]]:
    """(name of the field, what stands in it) of a content, in the order of reading."""
    return [(field.name, as_text(field.value)) for field in kind.fields(content)]


def as_text(value: Any) -> str:
    """A plain value as a person reads it: of a list each on a line of its own, of a row its cells."""
    if isinstance(value, Mapping):
        return " · ".join(filter(None, (as_text(cell) for cell in value.values())))
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, (as_text(item) for item in value)))
    return "" if value is None else str(value)


def look_through(kind: Kind, content: Content, *, words: Sequence[str], suffixes: Sequence[str]) -> list[Finding]:
    return scan(texts_of(kind, content), words=words, suffixes=suffixes)


def ask_about(findings: Sequence[Finding], answers: Mapping[str, FindingAnswer]) -> list[Asked]:
    """Each thing once, wherever it was found; what has no answer first."""
    places: dict[str, list[Finding]] = {}
    for finding in findings:
        places.setdefault(finding.digest, []).append(finding)
    asked = [Asked(found, answers.get(digest)) for digest, found in places.items()]
    return sorted(asked, key=lambda each: each.answer is not None)


def questions(kind: Kind, manuscript: Manuscript, content: Content, *, suffixes: Sequence[str]) -> list[Asked]:
    """What has to be asked about this content of the manuscript."""
    found = look_through(kind, content, words=guarded_words(), suffixes=suffixes)
    return ask_about(found, answers_of(manuscript.id) if found else {})


def refuse_unanswered(asked: Sequence[Asked]) -> None:
    """Raises ConflictError while anything that was found has no answer."""
    number = sum(each.answer is None for each in asked)
    if number:
        raise ConflictError(
            lazy_ngettext(
                "%(num)s thing in this text may have to stay inside. Mend it, or say why it may be published; then submit it.",
                "%(num)s things in this text may have to stay inside. Mend each, or say why it may be published; then submit it.",
                number,
            )
        )


def say_why(
    session: Session, manuscript: Manuscript, digest: str, because: str, *, actor: User, now: datetime
) -> FindingAnswer:
    """Why it may stay. Said again, the later word counts. Raises ForbiddenError, InvalidInputError."""
    if not is_of_team(actor, manuscript):
        raise ForbiddenError(_l("Only those who write this text may say why something in it may stay."))
    because = because.strip()
    if len(because) < 3 or len(because) > MAX_BECAUSE:
        raise InvalidInputError(_l("Say in 3 to 500 characters why it may be published."), field="because")
    take_turns(session, f"finding {manuscript.id}")
    query = select(FindingAnswer).where(FindingAnswer.manuscript_id == manuscript.id, FindingAnswer.digest == digest)
    answer = session.execute(query).scalar_one_or_none()
    if answer is None:
        answer = FindingAnswer(manuscript_id=manuscript.id, digest=digest)
        session.add(answer)
    answer.because, answer.author_id, answer.at = because, actor.id, now
    session.flush()
    return answer


def guard_words(session: Session, words: Sequence[str], *, actor: User, now: datetime) -> int:
    """Put names on the list; those that are there stay. Returns how many are new. Raises ForbiddenError, InvalidInputError."""
    _ensure_editor(actor)
    take_turns(session, "guarded words")
    known = set(session.execute(select(GuardedWord.normal)).scalars())
    fresh = {
        fold(word): word for word in (" ".join(word.split()) for word in words) if word and fold(word) not in known
    }
    for word in fresh.values():
        if not 2 <= len(word) <= MAX_WORD:
            raise InvalidInputError(_l("A name has 2 to 80 characters: %(word)s", word=word[:MAX_WORD]), field="words")
    if session.execute(select(func.count()).select_from(GuardedWord)).scalar_one() + len(fresh) > MAX_WORDS:
        raise InvalidInputError(_l("The list holds at most 2,000 names."), field="words")
    for normal, word in fresh.items():
        session.add(GuardedWord(word=word, normal=normal, added_by_id=actor.id, added_at=now))
    session.flush()
    return len(fresh)


def let_go(session: Session, word_id: int, *, actor: User) -> None:
    """Take a name from the list; that it is not there any more is what was wanted. Raises ForbiddenError."""
    _ensure_editor(actor)
    word = session.get(GuardedWord, word_id)
    if word is not None:
        session.delete(word)
        session.flush()


def _ensure_editor(actor: User) -> None:
    if not can_review(actor):
        raise ForbiddenError(_l("Only editors keep the list of guarded names."))
