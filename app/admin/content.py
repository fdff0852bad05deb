"""`flask content …`: the library between files and database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.capabilities.service import sync_frameworks
from app.case_studies.sync import sync_case_studies
from app.coaching.growth.sync import sync_path
from app.config import ROOT, Config
from app.exchange.bringing import KINDS, Wanted, bring_in, transaction_unless
from app.exchange.exporting import export_to
from app.exchange.trees import opened
from app.kernel.clock import utc_now
from app.kernel.errors import ConflictError, DomainError
from app.kernel.report import Outcome, Report
from app.kernel.types import LANGUAGES
from app.practices.queries import slug_exists
from app.practices.sync import sync_practices
from app.search.outbox import note_everything

group = AppGroup("content", help="The library: files into the database, foreign trees into the library.")
CONTENT = ROOT / "content"


def sync(folder: Path = CONTENT, *, go_on: bool = False, over_edits: bool = False) -> Report:
    """Make the database say what the files say. Where anything is refused, nothing is changed unless `go_on`. With `over_edits`
    the file of a framework wins over what was published on the site since.
    """
    config: Config = current_app.config["GUILDHALL"]
    report = Report()
    now = utc_now()
    with transaction_unless(report, lambda report: report.refused and not go_on) as session:
        sync_frameworks(session, folder / "frameworks", report, now=now, over_edits=over_edits)
        if any(line.outcome in {Outcome.CREATED, Outcome.CHANGED} for line in report.lines):
            # Capabilities' names and areas stand in the documents of whatever hangs on them.
            note_everything(session)
        sync_practices(session, folder / "practices", config.media_dir, report, now=now)
        sync_path(session, folder, report)
        sync_case_studies(session, folder / "case-studies", report, now=now, practice_exists=slug_exists)
    return report


@group.command("sync")
@click.option("--go-on", is_flag=True, help="Take what can be taken although something is refused.")
@click.option("--all", "show_all", is_flag=True, help="Name the files that did not change, too.")
@click.option(
    "--over-edits", is_flag=True, help="Take the file of a framework although it was edited on the site since."
)
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=CONTENT, required=False
)
def sync_command(folder: Path, *, go_on: bool, show_all: bool, over_edits: bool) -> None:
    """Read FOLDER (by default content/) into the database. Safe to repeat."""
    report = sync(folder, go_on=go_on, over_edits=over_edits)
    _show(report, show_all=show_all)
    if report.refused and not go_on:
        click.echo("Nothing was changed, because of what is refused above. Mend it, or use --go-on.", err=True)
    if report.refused:
        sys.exit(1)


@group.command("import")
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), default="practice", show_default=True)
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), help="Language of every file; default: told from the text."
)
@click.option(
    "--team", default="", help="Slug of the team whose case studies they are; default: whoever each is about."
)
@click.option("--publish", is_flag=True, help="Case studies are seen by readers at once; without it they are drafts.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_command(place: Path, kind: str, language: str | None, team: str, *, publish: bool, dry_run: bool) -> None:
    """Bring in the Markdown files of PLACE, a folder or a zip file, with a report for each. A document is known again by the
    name of PLACE and its own place in it, so that what has changed there can be brought in once more. What `export` has
    written is read to the letter, and needs no kind.
    """

    def watch(documents: list[Any]) -> Iterator[Any]:
        with click.progressbar(documents, label="Documents", file=sys.stderr) as watched:
            yield from watched

    try:
        with opened(place) as folder:
            report = bring_in(
                folder, Wanted(kind=kind, language=language, team=team, publish=publish, dry_run=dry_run), watch
            )
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    _show(report, show_all=True)
    if dry_run:
        click.echo("A dry run: nothing was changed.")
    if report.refused:
        sys.exit(1)


@group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_command(folder: Path) -> None:
    """Write everything that readers see to FOLDER, as Markdown with front matter. Importing it again changes nothing."""
    config: Config = current_app.config["GUILDHALL"]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        report = export_to(folder, config.media_dir)
    except ConflictError as error:
        raise click.ClickException(str(error)) from None
    _show(report, show_all=False)
    if report.refused:
        sys.exit(1)


def _show(report: Report, *, show_all: bool) -> None:
    for line in report.lines:
        if show_all or line.outcome is not Outcome.LEFT or line.notes:
            click.echo(str(line), err=line.outcome is Outcome.REFUSED)
    click.echo(report.summary)
