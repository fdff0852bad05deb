"""Making the database say what the library's files say."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.models import Capability, Framework
from app.kernel.markup import Rendered
from app.kernel.report import Outcome, Report
from app.media.store import MediaError, keep
from app.practices.files import PracticeFile, RefusedFileError, Target, read_practice, render_practice
from app.practices.models import Practice
from app.practices.service import Article, remove_practices, save_article

ORIGIN = "library"


def sync_practices(session: Session, folder: Path, media_dir: Path, report: Report, *, now: datetime) -> None:
    """Create, change and remove practices until they are what the files in `folder` say. Running it twice changes
    nothing. What is refused is in the report; whether to go on is the caller's decision.
    """
    files = _read_all(folder, report)
    targets = {file.path: Target(file.slug, file.language) for file in files}
    capabilities = _main_capabilities(session)
    known = {
        practice.origin: practice
        for practice in session.execute(select(Practice).where(Practice.origin.startswith(f"{ORIGIN}:"))).scalars()
    }
    for file in files:
        try:
            _check_against_others(file, files, capabilities)
            rendered = render_practice(file, targets, lambda place: _keep_image(folder, place, media_dir))
            article = _article(file, rendered=rendered, capabilities=capabilities)
            report.add(save_article(session, article, media_dir, now=now), file.path)
        except RefusedFileError as error:
            report.add(Outcome.REFUSED, file.path, error.reason, error.line)
    present_paths = {path.relative_to(folder).as_posix() for path in _paths(folder)}
    gone = [practice for origin, practice in known.items() if origin.removeprefix(f"{ORIGIN}:") not in present_paths]
    for practice in gone:
        report.add(Outcome.CHANGED, practice.origin.removeprefix(f"{ORIGIN}:"), "removed, because the file is gone")
    remove_practices(session, gone)


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md"))


def _read_all(folder: Path, report: Report) -> list[PracticeFile]:
    files: dict[tuple[str, str], PracticeFile] = {}
    for path in _paths(folder):
        name = path.relative_to(folder).as_posix()
        try:
            file = read_practice(folder, path)
            double = files.get((file.slug, file.language))
            if double is not None:
                raise RefusedFileError(
                    f"{double.path} has this slug and language already", file.document.line_of("slug")
                )
        except RefusedFileError as error:
            report.add(Outcome.REFUSED, name, error.reason, error.line)
        else:
            files[file.slug, file.language] = file
    return list(files.values())


def _main_capabilities(session: Session) -> dict[str, int]:
    rows = session.execute(select(Capability.slug, Capability.id).join(Framework).where(Framework.position == 0))
    return {slug: capability_id for slug, capability_id in rows}


def _check_against_others(file: PracticeFile, files: list[PracticeFile], capabilities: dict[str, int]) -> None:
    """Raises RefusedFileError for a capability or an original that is not there."""
    document = file.document
    capability = file.text("capability")
    if capability and capability not in capabilities:
        raise RefusedFileError(f"there is no capability {capability}", document.line_of("capability"))
    original = file.text("translation_of")
    if original and not any((other.slug, other.language) == (file.slug, original) for other in files):
        raise RefusedFileError(
            f"there is no {file.slug} in {original} to be a translation of", document.line_of("translation_of")
        )


def _keep_image(folder: Path, place: str, media_dir: Path) -> str:
    path = (folder / place).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise FileNotFoundError(place)
    try:
        return keep(media_dir, path)
    except MediaError as error:
        raise RefusedFileError(str(error)) from None


def _article(file: PracticeFile, *, rendered: Rendered, capabilities: dict[str, int]) -> Article:
    return Article(
        origin=f"{ORIGIN}:{file.path}",
        # With the HTML: a picture, a link's target or the renderer may have changed while the file has not.
        origin_hash=hashlib.sha256(f"{file.digest} {rendered.html}".encode()).hexdigest(),
        slug=file.slug,
        language=file.language,
        translation_of=file.text("translation_of") or None,
        title=file.text("title"),
        summary=file.text("summary"),
        body=file.document.body,
        rendered=rendered,
        capability_id=capabilities.get(file.text("capability")),
        level=file.level,
        tags=file.words("tags"),
        time=file.text("time"),
        difficulty=file.text("difficulty"),
        participants=file.words("participants"),
        owner=file.text("owner"),
        reviewed_on=file.day("reviewed"),
        review_by=file.day("review_by"),
    )
