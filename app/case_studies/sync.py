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
from app.capabilities.models import Capability, Framework
from app.case_studies.files import StoryFile, read_story, render_file
from app.case_studies.models import CaseStudy
from app.case_studies.rules import State, Story
from app.case_studies.service import write_story
from app.kernel.frontmatter import RefusedFileError
from app.kernel.markup import Rendered
from app.kernel.report import Outcome, Report


def sync_case_studies(
    session: Session, folder: Path, report: Report, *, practice_exists: Callable[[str], bool], now: datetime
) -> None:
    """Create, change and remove published case studies until they are what the files in `folder` say.

    `practice_exists` tells whether the library has a practice of that slug. Teams that are not there are created. A row
    whose file is gone is removed. What is refused is in the report; whether to go on is the caller's decision.
    """
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    files = _read_all(paths, report)
    capabilities = _main_capabilities(session)

    def story_of(file: StoryFile) -> Story:
        return _story(file, _team(session, file, _original(file, files) or file).id, capabilities)

    stories = {Path(file.path).name: (file.slug, file.language) for file in files}
    for file in sorted(files, key=lambda file: (bool(file.text("translation_of")), file.path)):
        try:
            _check_references(file, files, capabilities, practice_exists)
            rendered = render_file(file, practice_exists, stories)
            outcome = _save(session, file, story_of, rendered, now=now)
            notes = ("coaches are credited on the site, not in files",) if file.words("coaches") else ()
            report.add(outcome, file.path, notes=notes)
        except RefusedFileError as error:
            report.add(Outcome.REFUSED, file.path, error.reason, error.line)
    _remove_gone(session, {_place(path) for path in paths}, report)


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


def _main_capabilities(session: Session) -> dict[str, int]:
    rows = session.execute(select(Capability.slug, Capability.id).join(Framework).where(Framework.position == 0))
    return dict(rows.all())


def _check_references(
    file: StoryFile, files: list[StoryFile], capabilities: dict[str, int], practice_exists: Callable[[str], bool]
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
    query = select(CaseStudy).where(CaseStudy.slug == file.slug, CaseStudy.language == file.language)
    case_study = session.execute(query).scalar_one_or_none()
    if case_study is not None and not case_study.is_kept_in_file:
        raise RefusedFileError("a team's own case study has this slug already", file.document.line_of("slug"))
    if case_study is not None and (case_study.source_hash, case_study.source_path) == (digest, file.path):
        return Outcome.LEFT
    story, outcome = story_of(file), Outcome.CHANGED
    if case_study is None:
        case_study, outcome = CaseStudy(slug=file.slug, created_at=now, state_since=now, revision=0), Outcome.CREATED
        session.add(case_study)
    with session.no_autoflush:
        write_story(case_study, story, rendered, now=now)
    case_study.state, case_study.published_on = State.PUBLISHED, file.published_on
    case_study.translation_of = file.text("translation_of") or None
    case_study.organisation = file.text("organisation")
    case_study.source_path, case_study.source_hash = file.path, digest
    case_study.revision += 1
    session.flush()
    return outcome


def _team(session: Session, file: StoryFile, original: StoryFile) -> Team:
    """The team that the file names, or else its original; created where there is none of that name."""
    name = file.text("team") or original.text("team")
    team = find_team_named(name)
    if team is None:
        organisation = file.text("organisation") or original.text("organisation")
        details = TeamDetails(name=name, organisation=organisation, about="", is_benchmark=True)
        team = create_team(session, details)
    return team


def _story(file: StoryFile, team_id: int, capabilities: dict[str, int]) -> Story:
    return Story(
        title=file.text("title"),
        language=file.language,
        team_id=team_id,
        summary=file.text("summary"),
        capability_id=capabilities.get(file.text("capability")),
        byline=file.text("byline"),
        parts=file.parts,
        metrics=file.metrics,
        practices=file.words("practices"),
        sessions=file.words("sessions"),
    )


def _remove_gone(session: Session, places: set[str], report: Report) -> None:
    query = select(CaseStudy).where(CaseStudy.source_path.is_not(None)).order_by(CaseStudy.source_path)
    for case_study in session.execute(query).scalars():
        if case_study.source_path not in places:
            report.add(Outcome.CHANGED, str(case_study.source_path), "removed, because the file is gone")
            session.delete(case_study)
    session.flush()
