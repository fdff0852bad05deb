"""The kinds of text as the machine needs them: something to write, and what readers see of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import select

from app.accounts.models import Team
from app.case_studies.contents import content_of_story
from app.case_studies.kind import CaseStudyKind
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS
from app.kernel.db import db
from app.practices.content import blank
from app.practices.kind import PracticeKind, find_row
from app.writing.kinds import Kind
from app.writing.models import Manuscript
from tests.factories.case_studies import make_story
from tests.factories.frameworks import make_framework
from tests.factories.practices import PARTS as SECTIONS
from tests.factories.writing import Letters


class Shelf(Protocol):
    """A kind of text as the machine needs it."""

    def kind(self, *, is_open: bool) -> Kind: ...

    def content(self, words: str, team: str) -> dict[str, Any]: ...

    def seen(self, kind: Kind, manuscript: Manuscript) -> object | None: ...

    def expected(self, kind: Kind, manuscript: Manuscript, content: dict[str, Any]) -> object: ...


class LetterShelf:
    """Letters know by themselves what of them is published."""

    def kind(self, *, is_open: bool) -> Letters:
        return Letters(is_open=is_open)

    def content(self, words: str, team: str) -> dict[str, Any]:
        return {"title": title_of(words), "body": words, "team": team}

    def seen(self, kind: Kind, manuscript: Manuscript) -> object | None:
        assert isinstance(kind, Letters)
        return kind.published.get(manuscript.slug)

    def expected(self, kind: Kind, manuscript: Manuscript, content: dict[str, Any]) -> object:
        return f"{content['title']} {kind.render(content).text} 2026"


class PracticeShelf:
    """What is published of a practice is a row of the library."""

    def __init__(self) -> None:
        self.capability = make_framework().areas[0].capabilities[0].slug

    def kind(self, *, is_open: bool) -> PracticeKind:
        kind = PracticeKind()
        kind.is_open = is_open
        return kind

    def content(self, words: str, team: str) -> dict[str, Any]:
        body = SECTIONS["en"].replace("What it is.", words)
        tags = sorted(set(words.lower().split()))
        return {
            **blank(),
            "title": title_of(words),
            "summary": words[:80],
            "capability": self.capability,
            "body": body,
            "tags": tags,
        }

    def seen(self, kind: Kind, manuscript: Manuscript) -> object | None:
        row = find_row(db.session(), manuscript)
        return row and (row.title, row.summary, row.source, row.html, [each.tag for each in row.tag_rows])

    def expected(self, kind: Kind, manuscript: Manuscript, content: dict[str, Any]) -> object:
        html = kind.render(content).html
        return (content["title"], content["summary"], content["body"], html, content["tags"])


class CaseStudyShelf:
    """A case study has a team, numbers and several texts that are published as one."""

    def __init__(self) -> None:
        self.capability = make_framework().areas[0].capabilities[0]

    def kind(self, *, is_open: bool) -> CaseStudyKind:
        kind = CaseStudyKind()
        kind.is_open = is_open
        return kind

    def content(self, words: str, team: str) -> dict[str, Any]:
        theirs = db.session.execute(select(Team).where(Team.name == team)).scalar_one()
        story = make_story(theirs, self.capability)
        parts = {part: f"{words} {part}" for part in PARTS}
        return content_of_story(replace(story, title=title_of(words), summary=words[:80], parts=parts))

    def seen(self, kind: Kind, manuscript: Manuscript) -> object | None:
        query = select(CaseStudy).where(CaseStudy.slug == manuscript.slug, CaseStudy.language == manuscript.language)
        row = db.session.execute(query).scalar_one_or_none()
        return row and (row.title, row.summary, row.html, [each.name for each in row.metrics])

    def expected(self, kind: Kind, manuscript: Manuscript, content: dict[str, Any]) -> object:
        names = [each["name"] for each in content["metrics"]]
        return (content["title"], content["summary"], kind.render(content).html, names)


def title_of(words: str) -> str:
    """A title that changes with the text."""
    return f"On {words.partition('.')[0]}"[:60]


# Whoever brings another kind adds it here.
SHELVES: tuple[type[Shelf], ...] = (LetterShelf, PracticeShelf, CaseStudyShelf)
