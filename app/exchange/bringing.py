"""Bringing in a folder of documents, as the command, the page and the worker do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.accounts.queries import get_team
from app.capabilities.queries import list_main_capabilities
from app.case_studies.importer import bring_stories, read_stories
from app.case_studies.rules import CASE_STUDY
from app.config import Config
from app.exchange.hands import HANDS
from app.exchange.restoring import is_export, read_export, restore
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.report import Report
from app.practices.importer import import_practices

KINDS = ("practice", "case-study")


@dataclass(frozen=True)
class Wanted:
    """What is to become of the documents. `name`: what the folder is known by, so that its documents are known again;
    `language`: of all of them, where it is not told from each text. Case studies become drafts of the team with the slug `team`,
    or of whoever each is about; with `publish` readers see them at once.
    """

    kind: str = "practice"
    name: str = ""
    language: str | None = None
    dry_run: bool = False
    team: str = ""
    publish: bool = False


class _UndoneError(Exception):
    """Ends a transaction without leaving anything behind."""


@contextmanager
def transaction_unless(report: Report, undo: Callable[[Report], object]) -> Iterator[Session]:
    """A transaction that is given up at its end where `undo(report)` says so."""
    try:
        with transaction() as session:
            yield session
            if undo(report):
                raise _UndoneError
    except _UndoneError:
        pass


def bring_in(folder: Path, wanted: Wanted, watch: Callable[[list[Any]], Iterable[Any]] = iter) -> Report:
    """The report says what became of each document; what cannot be taken is refused, the rest comes in. `watch` wraps the
    list of documents, to show progress. An export of this site or of another is read to the letter, whatever its kinds.
    """
    report = Report()
    # What a dry run copies goes with the folder that it is copied to.
    with TemporaryDirectory() as scratch:
        media_dir = Path(scratch) if wanted.dry_run else _config().media_dir
        bring = _bring_for(folder, wanted, media_dir, report, watch)
        with transaction_unless(report, lambda _report: wanted.dry_run) as session:
            bring(session)
    return report


def _bring_for(
    folder: Path, wanted: Wanted, media_dir: Path, report: Report, watch: Callable[[list[Any]], Iterable[Any]]
) -> Callable[[Session], None]:
    """What is to be done in the transaction. What takes its time is done before, as far as the kind can."""
    now = utc_now()
    if is_export(folder):
        ready = read_export(folder, HANDS, report)
        return lambda session: restore(session, folder, media_dir, ready, HANDS, report, now=now)
    capabilities = {capability.slug: capability.id for capability in list_main_capabilities()}
    if wanted.kind == CASE_STUDY:
        team = get_team(wanted.team) if wanted.team else None
        stories = read_stories(
            db.session(), folder, media_dir, report, language=wanted.language, capabilities=capabilities, watch=watch
        )
        return lambda session: bring_stories(
            session, folder, stories, report, team=team, publish=wanted.publish, now=now
        )
    return lambda session: import_practices(
        session,
        folder,
        media_dir,
        report,
        now=now,
        language=wanted.language,
        capabilities=capabilities,
        watch=watch,
    )


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config
