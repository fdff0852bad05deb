"""`flask content …`: the library between files and database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.capabilities.queries import list_main_capabilities
from app.capabilities.service import sync_frameworks
from app.case_studies.sync import sync_case_studies
from app.config import ROOT, Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.report import Outcome, Report
from app.kernel.types import LANGUAGES
from app.practices.importer import Foreign, import_practices
from app.practices.queries import slug_exists
from app.practices.sync import sync_practices
from app.search.outbox import note_everything

group = AppGroup("content", help="The library: files into the database, foreign trees into the library.")
CONTENT = ROOT / "content"


class _UndoneError(Exception):
    """Ends a transaction without leaving anything behind."""


@contextmanager
def _transaction_unless(report: Report, undo: Callable[[Report], object]) -> Iterator[Session]:
    """A transaction that is given up at its end where `undo(report)` says so."""
    try:
        with transaction() as session:
            yield session
            if undo(report):
                raise _UndoneError
    except _UndoneError:
        pass


def sync(folder: Path = CONTENT, *, go_on: bool = False) -> Report:
    """Make the database say what the files say. Where anything is refused, nothing is changed unless `go_on`."""
    config: Config = current_app.config["GUILDHALL"]
    report = Report()
    now = utc_now()
    with _transaction_unless(report, lambda report: report.refused and not go_on) as session:
        sync_frameworks(session, folder / "frameworks", report)
        if any(line.outcome in {Outcome.CREATED, Outcome.CHANGED} for line in report.lines):
            # Capabilities' names and areas stand in the documents of whatever hangs on them.
            note_everything(session)
        sync_practices(session, folder / "practices", config.media_dir, report, now=now)
        sync_case_studies(session, folder / "case-studies", report, now=now, practice_exists=slug_exists)
    return report


@group.command("sync")
@click.option("--go-on", is_flag=True, help="Take what can be taken although something is refused.")
@click.option("--all", "show_all", is_flag=True, help="Name the files that did not change, too.")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=CONTENT, required=False
)
def sync_command(folder: Path, *, go_on: bool, show_all: bool) -> None:
    """Read FOLDER (by default content/) into the database. Safe to repeat."""
    report = sync(folder, go_on=go_on)
    _show(report, show_all=show_all)
    if report.refused and not go_on:
        click.echo("Nothing was changed, because of what is refused above. Mend it, or use --go-on.", err=True)
    if report.refused:
        sys.exit(1)


@group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["practice"]), default="practice", show_default=True)
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), help="Language of every file; default: told from the text."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_command(folder: Path, kind: str, language: str | None, *, dry_run: bool) -> None:
    """Bring in the Markdown files under FOLDER, with a report for each. A document is known again by the name of
    FOLDER and its place in it, so that what has changed there can be brought in once more.
    """
    del kind  # there is one kind so far
    config: Config = current_app.config["GUILDHALL"]
    report = Report()

    def watch(documents: list[Foreign]) -> Iterator[Foreign]:
        with click.progressbar(documents, label="Documents", file=sys.stderr) as watched:
            yield from watched

    capabilities = {capability.slug: capability.id for capability in list_main_capabilities()}
    # What a dry run copies goes with the folder that it is copied to.
    with TemporaryDirectory() as scratch, _transaction_unless(report, lambda _report: dry_run) as session:
        import_practices(
            session,
            folder,
            Path(scratch) if dry_run else config.media_dir,
            report,
            now=utc_now(),
            language=language,
            capabilities=capabilities,
            watch=watch,
        )
    _show(report, show_all=True)
    if dry_run:
        click.echo("A dry run: nothing was changed.")
    if report.refused:
        sys.exit(1)


def _show(report: Report, *, show_all: bool) -> None:
    for line in report.lines:
        if show_all or line.outcome is not Outcome.LEFT or line.notes:
            click.echo(str(line), err=line.outcome is Outcome.REFUSED)
    click.echo(report.summary)
