"""Making the database say what the case studies of the library say. Running it twice changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team
from app.accounts.queries import find_team_named
from app.accounts.teams import TeamDetails, create_team
from app.capabilities.queries import list_main_capabilities
from app.case_studies.contents import content_of_story
from app.case_studies.files import StoryFile, read_story, render_file
from app.case_studies.kind import KIND
from app.case_studies.queries import coaches_by_slug, find_published
from app.case_studies.rules import CASE_STUDY, Story
from app.case_studies.service import publish_story, withdraw_story
from app.kernel.frontmatter import RefusedFileError
from app.kernel.markup import Rendered
from app.kernel.report import Outcome, Report
from app.writing.filing import NOT_FOLLOWED, file_version, may_follow, take_from_readers
from app.writing.history.service import translates_now
from app.writing.models import Manuscript
from app.writing.queries import find_manuscript


def sync_case_studies(
    session: Session, folder: Path, report: Report, *, practice_exists: Callable[[str], bool], now: datetime
) -> None:
    """Create, change and withdraw published case studies until they are what the files in `folder` say.

    `practice_exists` tells whether the library has a practice of that slug. Teams that are not there are created. What has
    changed becomes a version; of a text whose file is gone the versions stay. What is refused is in the report; whether to
    go on is the caller's decision.
    """
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    files = _read_all(paths, report)
    capabilities = {capability.slug for capability in list_main_capabilities()}

    def story_of(file: StoryFile) -> Story:
        return file.story(_team(session, file, _original(file, files) or file).slug)

    stories = {Path(file.path).name for file in files}
    for file in sorted(files, key=lambda file: (bool(file.text("translation_of")), file.path)):
        try:
            _check_references(file, files, capabilities, practice_exists)
            rendered = render_file(file, practice_exists, stories)
            outcome = _save(session, file, story_of, rendered, now=now)
            report.add(outcome, file.path, notes=_notes(file, outcome))
        except RefusedFileError as error:
            report.add(Outcome.REFUSED, file.path, error.reason, error.line)
    _remove_gone(session, {_place(path) for path in paths}, report, now)


def _place(path: Path) -> str:
    return path.relative_to(path.parent.parent).as_posix()


def _read_all(paths: list[Path], report: Report) -> list[StoryFile]:
    files = []
    for path in paths:
        try:
            files.append(read_story(path))
        except RefusedFileError as error:
            report.add(Outcome.REFUSED, _place(path), error.reason, error.line)
    return files


def _notes(file: StoryFile, outcome: Outcome) -> tuple[str, ...]:
    """What somebody who looks after the files should know although nothing is refused."""
    if outcome is Outcome.LEFT:
        manuscript = find_manuscript(CASE_STUDY, file.slug, file.language)
        is_followed = manuscript is not None and may_follow(manuscript, file.path)
        return () if is_followed else (NOT_FOLLOWED,)
    known = coaches_by_slug(file.words("coaches"))
    return tuple(f"there is no profile of a coach at {slug}" for slug in file.words("coaches") if slug not in known)


def _check_references(
    file: StoryFile, files: list[StoryFile], capabilities: set[str], practice_exists: Callable[[str], bool]
) -> None:
    """Raises RefusedFileError for a capability, a practice or an original that is not there."""
    document = file.document
    capability = file.text("capability")
    if capability and capability not in capabilities:
        raise RefusedFileError(f"there is no capability {capability}", document.line_of("capability"))
    for slug in file.words("practices"):
        if not practice_exists(slug):
            raise RefusedFileError(f"there is no practice {slug}", document.line_of("practices"))
    original = file.text("translation_of")
    if original and _original(file, files) is None:
        raise RefusedFileError(
            f"there is no {file.slug} in {original} to be a translation of", document.line_of("translation_of")
        )


def _original(file: StoryFile, files: list[StoryFile]) -> StoryFile | None:
    wanted = (file.slug, file.text("translation_of"))
    return next((other for other in files if (other.slug, other.language) == wanted), None)


def _save(
    session: Session, file: StoryFile, story_of: Callable[[StoryFile], Story], rendered: Rendered, *, now: datetime
) -> Outcome:
    """Raises RefusedFileError where a team's own case study has the address."""
    # With the HTML: the renderer, or where a link leads, may have changed while the file has not.
    digest = hashlib.sha256(f"{file.digest} {rendered.html}".encode()).hexdigest()
    live, manuscript = find_published(file.slug, file.language), find_manuscript(CASE_STUDY, file.slug, file.language)
    if manuscript is not None and not may_follow(manuscript, file.path):
        if live is not None and live.source_path == file.path:
            return Outcome.LEFT
        raise RefusedFileError("a team's own case study has this slug already", file.document.line_of("slug"))
    if live is not None and (live.source_hash, live.source_path) == (digest, file.path):
        return Outcome.LEFT
    story, number = story_of(file), manuscript.latest_number if manuscript else 0
    manuscript = file_version(
        session,
        KIND,
        content_of_story(story),
        slug=file.slug,
        language=file.language,
        translation_of=file.text("translation_of") or None,
        path=file.path,
        now=now,
    )
    if manuscript.translation_of and manuscript.latest_number > number:
        # The original's file was followed before: originals come first.
        translates_now(session, manuscript, now=now)
    case_study = publish_story(session, manuscript, story, rendered, on=file.published_on, now=now)
    case_study.published_on, case_study.byline = file.published_on, story.byline
    case_study.source_path, case_study.source_hash = file.path, digest
    session.flush()
    return Outcome.CREATED if live is None else Outcome.CHANGED


def _team(session: Session, file: StoryFile, original: StoryFile) -> Team:
    """The team that the file names, or else its original; created where there is none of that name."""
    name = file.text("team") or original.text("team")
    team = find_team_named(name)
    if team is None:
        organisation = file.text("organisation") or original.text("organisation")
        details = TeamDetails(name=name, organisation=organisation, about="", is_benchmark=True)
        team = create_team(session, details)
    return team


def _remove_gone(session: Session, places: set[str], report: Report, now: datetime) -> None:
    query = (
        select(Manuscript)
        .where(Manuscript.kind == CASE_STUDY, Manuscript.kept_in_file.is_not(None), Manuscript.published_number > 0)
        .order_by(Manuscript.kept_in_file)
    )
    for manuscript in session.execute(query).scalars():
        if manuscript.kept_in_file not in places:
            report.add(Outcome.CHANGED, str(manuscript.kept_in_file), "withdrawn, because the file is gone")
            take_from_readers(manuscript, now)
            withdraw_story(session, manuscript)
    session.flush()
