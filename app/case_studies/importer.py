"""Bringing in a tree of stories that were written elsewhere, as drafts of a team or as published, with a report for every file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team
from app.accounts.queries import find_team_named
from app.accounts.teams import TeamDetails, create_team
from app.case_studies.contents import content_of_story
from app.case_studies.kind import KIND
from app.case_studies.queries import find_published
from app.case_studies.rules import MAX_SUMMARY, MAX_TITLE, Story
from app.case_studies.splitting import split_story
from app.kernel.errors import InvalidInputError
from app.kernel.markup import Rendered
from app.kernel.report import Outcome, Report
from app.practices.foreign import (
    Foreign,
    choose_slugs,
    field_day,
    field_text,
    first_sentence,
    origin_of,
    originals_of,
    read_tree,
)
from app.practices.links import LinkBook
from app.writing.filing import NOT_FOLLOWED, file_version, may_follow
from app.writing.models import Manuscript
from app.writing.queries import content_of
from app.writing.rules import Origin
from app.writing.service import add_version, new_manuscript

MAX_TEAM = 120


@dataclass(frozen=True)
class Ready:
    """A story that was read, put into parts and rendered before the transaction began; without the team's slug."""

    document: Foreign
    slug: str
    original: str | None
    story: Story
    rendered: Rendered
    notes: tuple[str, ...]

    @property
    def told_on(self) -> date | None:
        return field_day(self.document.fields.get("published")) or field_day(self.document.fields.get("date"))


def read_stories(
    session: Session,
    folder: Path,
    media_dir: Path,
    report: Report,
    *,
    language: str | None = None,
    capabilities: Collection[str] = (),
    watch: Callable[[list[Foreign]], Iterable[Foreign]] = iter,
) -> list[Ready]:
    """Every story under `folder`, the originals first. What cannot be taken is refused in the report."""
    documents = read_tree(folder, report, language)
    slugs = choose_slugs(documents, _known(session, folder), _taken(session, folder))
    book = LinkBook(
        folder, media_dir, {each.place: (slugs[each.place], each.language) for each in documents}, "/case-studies"
    )
    for document in documents:
        book.learn(document.place, document.fields)
    originals = originals_of(documents, slugs)
    found = []
    for document in watch(documents):
        slug = slugs[document.place]
        body, notes = book.rewrite(document.place, document.body)
        try:
            story = _story(document, body, capabilities)
            rendered = KIND.render(content_of_story(story))
        except InvalidInputError as error:
            report.add(Outcome.REFUSED, document.place, str(error))
        else:
            original = originals.get((slug, document.language))
            found.append(Ready(document, slug, original, story, rendered, (*document.notes, *notes)))
    return sorted(found, key=lambda ready: (ready.original is not None, ready.document.place))


def bring_stories(
    session: Session,
    folder: Path,
    stories: Iterable[Ready],
    report: Report,
    *,
    team: Team | None = None,
    publish: bool = False,
    now: datetime,
) -> None:
    """Make drafts of them, or with `publish` what readers see. They are `team`'s; without one, that of whoever each is about,
    which is made where there is none.
    """
    known = _known(session, folder)
    teams: dict[str, Team] = {}
    for ready in stories:
        place = ready.document.place
        manuscript = known.get(place)
        if manuscript is not None and not may_follow(manuscript, None):
            report.add(Outcome.LEFT, place, notes=(NOT_FOLLOWED,))
            continue
        whose = team or teams.setdefault(ready.slug, _team_of(session, ready))
        content = content_of_story(replace(ready.story, team=whose.slug))
        outcome = _save(session, folder, ready, manuscript, content, publish=publish, now=now)
        report.add(outcome, place, notes=ready.notes)


def _save(
    session: Session,
    folder: Path,
    ready: Ready,
    manuscript: Manuscript | None,
    content: Mapping[str, object],
    *,
    publish: bool,
    now: datetime,
) -> Outcome:
    is_same = manuscript is not None and content_of(manuscript) == content
    if manuscript is not None and is_same and (manuscript.is_live or not publish):
        return Outcome.LEFT
    outcome = Outcome.CREATED if manuscript is None else Outcome.CHANGED
    language = ready.document.language
    if publish or (manuscript is not None and manuscript.is_live):
        manuscript = file_version(
            session,
            KIND,
            content,
            slug=ready.slug,
            language=language,
            translation_of=ready.original,
            path=None,
            now=now,
        )
        KIND.publish(session, manuscript, content, ready.rendered, now=now)
        row = find_published(ready.slug, language)
        if row is not None and ready.told_on is not None:
            row.published_on = ready.told_on
    else:
        manuscript = manuscript or new_manuscript(KIND, ready.slug, language, now=now)
        session.add(manuscript)
        face = KIND.face(session, content)
        manuscript.title, manuscript.team_id, manuscript.capability_id = face.title, face.team_id, face.capability_id
        manuscript.translation_of = ready.original
        add_version(session, manuscript, content, origin=Origin.IMPORTED, actor=None, now=now)
    manuscript.brought_from = origin_of(folder, ready.document.place)
    session.flush()
    return outcome


def _story(document: Foreign, body: str, capabilities: Collection[str]) -> Story:
    capability = field_text(document.fields.get("capability"))
    return Story(
        title=" ".join(document.title[:MAX_TITLE].split()),
        language=document.language,
        team="",
        summary=" ".join((document.summary or first_sentence(body))[:MAX_SUMMARY].split()),
        capability=capability if capability in capabilities else "",
        organisation=field_text(document.fields.get("organisation"))[:MAX_TEAM],
        byline=field_text(document.fields.get("byline"))[:200],
        parts=split_story(body),
    )


def _team_of(session: Session, ready: Ready) -> Team:
    """The team that the document names, or else whoever it is about by its title."""
    name = (field_text(ready.document.fields.get("team")) or ready.story.title)[:MAX_TEAM]
    team = find_team_named(name)
    return team or create_team(
        session, TeamDetails(name=name, organisation=ready.story.organisation, about="", is_benchmark=True)
    )


def _known(session: Session, folder: Path) -> dict[str, Manuscript]:
    prefix = origin_of(folder, "")
    query = select(Manuscript).where(
        Manuscript.kind == KIND.name, Manuscript.brought_from.startswith(prefix, autoescape=True)
    )
    rows = session.execute(query).scalars()
    return {(row.brought_from or "").removeprefix(prefix): row for row in rows}


def _taken(session: Session, folder: Path) -> set[str]:
    """Slugs that belong to others."""
    ours = Manuscript.brought_from.startswith(origin_of(folder, ""), autoescape=True)
    query = select(Manuscript.slug).where(Manuscript.kind == KIND.name, Manuscript.brought_from.is_(None) | ~ours)
    return set(session.execute(query).scalars())
