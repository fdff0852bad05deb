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

from app.capabilities.queries import list_main_capabilities
from app.config import Config
from app.exchange.hands import HANDS
from app.exchange.restoring import is_export, read_export, restore
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.report import Report
from app.practices.importer import import_practices

KINDS = ("practice", "case-study")


@dataclass(frozen=True)
class Wanted:
    """What is to become of the documents. `name`: what the folder is known by, so that its documents are known again;
    `language`: of all of them, where it is not told from each text.
    """

    kind: str = "practice"
    name: str = ""
    language: str | None = None
    dry_run: bool = False


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
    config: Config = current_app.config["GUILDHALL"]
    report = Report()
    ready = read_export(folder, HANDS, report) if is_export(folder) else None
    # What a dry run copies goes with the folder that it is copied to.
    with TemporaryDirectory() as scratch, transaction_unless(report, lambda _report: wanted.dry_run) as session:
        media_dir = Path(scratch) if wanted.dry_run else config.media_dir
        if ready is not None:
            restore(session, folder, media_dir, ready, HANDS, report, now=utc_now())
        else:
            capabilities = {capability.slug: capability.id for capability in list_main_capabilities()}
            import_practices(
                session,
                folder,
                media_dir,
                report,
                now=utc_now(),
                language=wanted.language,
                capabilities=capabilities,
                watch=watch,
            )
    return report
