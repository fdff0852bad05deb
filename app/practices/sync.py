"""Making the database say what the library's files say."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.models import Capability, Framework
from app.kernel.frontmatter import RefusedFileError
from app.kernel.markup import Rendered, renderer
from app.kernel.report import Outcome, Report
from app.media.store import keep
from app.practices.content import STANDARD, content_of_article
from app.practices.files import PracticeFile, Target, read_practice, render_practice
from app.practices.kind import WEB, PracticeKind
from app.practices.models import Practice
from app.practices.service import Article, find_owner_id, hash_of, remove_practices, save_article
from app.writing.filing import NOT_FOLLOWED, file_into, known_manuscripts, take_from_readers
from app.writing.history.service import translates_now
from app.writing.keeping.queries import find_former, retired_slugs
from app.writing.keeping.service import leave
from app.writing.kinds import Face
from app.writing.models import Manuscript
from app.writing.service import new_manuscript

KIND = PracticeKind()
ORIGIN = "library"
RETIRED = "it is retired on the site"
NOTHING = Rendered(html="", text="", headings=(), words=0, han=0)


def sync_practices(session: Session, folder: Path, media_dir: Path, report: Report, *, now: datetime) -> None:
    """Create, change and remove practices until they are what the files in `folder` say. Running it twice changes
    nothing. What is refused is in the report; whether to go on is the caller's decision.
    """
    if not folder.is_dir():
        report.add(Outcome.REFUSED, folder.name, "there is no such folder; without it the whole library would go")
        return
    files = _read_all(folder, report)
    names = {path.name for path in _paths(folder)}
    targets = {file.path: Target(file.slug, file.language) for file in files}
    capabilities = _main_capabilities(session)
    others = {(practice.slug, practice.language): practice for practice in session.execute(select(Practice)).scalars()}
    retired = retired_slugs(KIND.name)
    manuscripts = known_manuscripts(session, KIND)
    translated: list[Manuscript] = []
    for file in files:
        practice = others.get((file.slug, file.language))
        manuscript = manuscripts.get((file.slug, file.language))
        reason = RETIRED if file.slug in retired else _why_not(practice, manuscript)
        if reason:
            report.add(Outcome.LEFT, f"{folder.name}/{file.path}", notes=(reason,))
            continue
        try:
            _check_against_others(file, names, practice, capabilities)
            article = _article(session, folder, file, targets, capabilities)
            if practice is None or practice.origin_hash != article.origin_hash:
                rendered = render_practice(file, targets, lambda place: keep(media_dir, _picture(folder, place)))
                article = replace(article, rendered=rendered)
            outcome = save_article(session, article, practice, media_dir, now=now)
            if outcome is not Outcome.LEFT or manuscript is None:
                translated += _file(session, folder, file, article, manuscript, now)
            report.add(outcome, f"{folder.name}/{file.path}")
            _lead_here(session, file, now)
        except RefusedFileError as error:
            report.add(Outcome.REFUSED, f"{folder.name}/{file.path}", error.reason, error.line)
    for manuscript in translated:
        translates_now(session, manuscript, now=now)
    for practice in _remove_what_is_gone(session, folder, report):
        manuscript = manuscripts.get((practice.slug, practice.language))
        if manuscript is not None:
            take_from_readers(manuscript, now)


def _why_not(practice: Practice | None, manuscript: Manuscript | None) -> str:
    """Why the file does not decide; empty where it does."""
    is_written_here = practice is None or practice.origin.startswith(f"{WEB}:")
    is_followed = manuscript is None or manuscript.is_kept_in_file
    return NOT_FOLLOWED if is_written_here and not is_followed else ""


def _file(
    session: Session, folder: Path, file: PracticeFile, article: Article, manuscript: Manuscript | None, now: datetime
) -> list[Manuscript]:
    """What the file says now is the next version of the article. Returns it where it is a translation that has changed:
    the original's file may come later.
    """
    number = manuscript.latest_number if manuscript else 0
    manuscript = manuscript or new_manuscript(KIND, file.slug, file.language, now=now)
    manuscript.translation_of = article.translation_of
    content = content_of_article(article, file.text("capability"), form=STANDARD)
    face = Face(title=article.title, capability_id=article.capability_id)
    path = f"{folder.resolve().parent.name}/{folder.name}/{file.path}"
    file_into(session, manuscript, content, face, path=path, now=now)
    return [manuscript] if manuscript.translation_of and manuscript.latest_number > number else []


def _remove_what_is_gone(session: Session, folder: Path, report: Report) -> list[Practice]:
    """A practice goes with its file. One whose file is there, but was refused, stays as it was."""
    present = {f"{ORIGIN}:{path.relative_to(folder).as_posix()}" for path in _paths(folder)}
    ours = session.execute(select(Practice).where(Practice.origin.startswith(f"{ORIGIN}:"))).scalars()
    gone = [practice for practice in ours if practice.origin not in present]
    for practice in gone:
        place = f"{folder.name}/{practice.origin.removeprefix(f'{ORIGIN}:')}"
        report.add(Outcome.CHANGED, place, "removed, because the file is gone")
    remove_practices(session, gone)
    return gone


def _lead_here(session: Session, file: PracticeFile, now: datetime) -> None:
    """Let the addresses that the article had before lead to it."""
    for slug in file.words("former_slugs"):
        former = find_former(KIND.name, slug)
        if former is None or former.to_slug != file.slug:
            leave(session, KIND.name, slug, file.slug, title=file.text("title"), actor_id=None, now=now)


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
            report.add(Outcome.REFUSED, f"{folder.name}/{name}", error.reason, error.line)
        else:
            files[file.slug, file.language] = file
    return list(files.values())


def _main_capabilities(session: Session) -> dict[str, int]:
    rows = session.execute(select(Capability.slug, Capability.id).join(Framework).where(Framework.position == 0))
    return {slug: capability_id for slug, capability_id in rows}


def _check_against_others(
    file: PracticeFile, names: set[str], practice: Practice | None, capabilities: dict[str, int]
) -> None:
    """Raises RefusedFileError for a capability or an original that is not there, or an address that is taken."""
    document = file.document
    if practice is not None and not practice.origin.startswith(f"{ORIGIN}:"):
        raise RefusedFileError(f"an imported document is at /practices/{file.slug} already", document.line_of("slug"))
    capability = file.text("capability")
    if capability and capability not in capabilities:
        raise RefusedFileError(f"there is no capability {capability}", document.line_of("capability"))
    original = file.text("translation_of")
    if original and f"{file.slug}.{original}.md" not in names:
        raise RefusedFileError(
            f"there is no {file.slug} in {original} to be a translation of", document.line_of("translation_of")
        )


def _picture(folder: Path, place: str) -> Path:
    """The file of a picture. Raises OSError or ValueError where there is none in the library."""
    path = (folder / place).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise FileNotFoundError(place)
    return path


def _surroundings(folder: Path, file: PracticeFile, targets: Mapping[str, Target]) -> list[object]:
    """What the text may lead to, as it is now: the pages of other files, and what is in pictures. Rather too much than
    too little: another answer only makes the text be rendered again.
    """
    found: list[object] = []
    slugs = {target.slug for target in targets.values()}
    for named in sorted(set(_NAMED.findall(file.document.body))):
        place = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), unquote(named)))
        if place in targets:
            found.append((named, targets[place]))
        elif named.startswith("/practices/"):
            found.append((named, named.removeprefix("/practices/") in slugs))
        else:
            try:
                found.append((named, hashlib.sha256(_picture(folder, place).read_bytes()).hexdigest()))
            except (OSError, ValueError):
                found.append((named, None))
    return found


# Everything in a text that could be the address of an article or a picture.
_NAMED = re.compile(r"/practices/[a-z0-9-]+|[^\s()<>\"'\[\]]+\.(?:md|png|jpe?g|gif|webp|svg)|(?<=<)[^<>\n]+(?=>)")


def _article(
    session: Session, folder: Path, file: PracticeFile, targets: Mapping[str, Target], capabilities: dict[str, int]
) -> Article:
    """The article, not yet rendered."""
    capability_id = capabilities.get(file.text("capability"))
    owner_id = find_owner_id(session, file.text("owner"))
    surroundings = _surroundings(folder, file, targets)
    return Article(
        origin=f"{ORIGIN}:{file.path}",
        origin_hash=hash_of(renderer(), file.path, file.digest, capability_id, owner_id, surroundings),
        slug=file.slug,
        language=file.language,
        translation_of=file.text("translation_of") or None,
        title=file.text("title"),
        summary=file.text("summary"),
        body=file.document.body,
        rendered=NOTHING,
        capability_id=capability_id,
        level=file.level,
        tags=file.words("tags"),
        time=file.text("time"),
        difficulty=file.text("difficulty"),
        participants=file.words("participants"),
        owner=file.text("owner"),
        owner_id=owner_id,
        reviewed_on=file.day("reviewed"),
        review_by=file.day("review_by"),
    )
