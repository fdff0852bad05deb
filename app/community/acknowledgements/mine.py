"""What one person has to read, for the home page, for the article itself and for the list. What is required at all is kept in memory
for everybody, so where nothing is, no page asks the database anything more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import User
from app.community.acknowledgements.policy import has_to_read
from app.community.acknowledgements.queries import Asked, confirmed_by, list_asked
from app.community.subjects import Subject, find_many
from app.web.dates import request_now
from app.web.i18n import request_language
from app.web.stored import stored


@dataclass(frozen=True)
class Item:
    """A required reading as one of those sees it who are asked; `earlier` says that an older text was confirmed once."""

    asked: Asked
    subject: Subject | None
    confirmed_at: datetime | None
    earlier: bool

    @property
    def is_overdue(self) -> bool:
        return self.confirmed_at is None and request_now().date() > self.asked.due_on


def all_asked() -> list[Asked]:
    return stored("required readings", list_asked)


def items_of(person: User, asked: list[Asked] | None = None) -> list[Item]:
    """What the person is asked to read of `asked` (of everything), what is due first on top; what is gone is left out."""
    own = [
        each
        for each in (all_asked() if asked is None else asked)
        if has_to_read(person.team_ids, for_everybody=each.for_everybody, required=each.team_ids)
    ]
    if not own:
        return []
    confirmed = confirmed_by(person.id)
    subjects = find_many([each.ref for each in own], person, request_language())
    return [
        Item(
            each,
            subjects[each.ref],
            confirmed[each.id, each.round].at if (each.id, each.round) in confirmed else None,
            earlier=any((each.id, number) in confirmed for number in range(1, each.round)),
        )
        for each in own
        if each.ref in subjects
    ]
