"""`flask setup`: from a bare folder to an installation that can be served. Safe to repeat."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app, url_for
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.accounts.queries import count_administrators
from app.accounts.tokens import sign_first_administrator
from app.admin.content import sync
from app.admin.samples import has_people, load_samples
from app.capabilities.queries import list_main_areas
from app.config import ROOT, Config
from app.kernel.db import db, transaction
from app.search.outbox import drain


@click.command("setup")
@click.option(
    "--sample/--no-sample",
    default=None,
    help="Sample people and sessions. Default: on the first start of an evaluation.",
)
@with_appcontext
def setup(*, sample: bool | None) -> None:
    """Bring database, content and search index up to date."""
    config: Config = current_app.config["GUILDHALL"]
    with _step("Database"):
        upgrade(directory=str(ROOT / "migrations"))
    is_first = not has_people() and not list_main_areas()
    with _step("Content"):
        report = sync()
        for line in report.refused:
            click.echo(str(line), err=True)
        if report.refused:
            raise click.ClickException(
                "The content was refused, and the database was left as it was. Mend the files named above."
            )
        click.echo(report.summary, nl=False)
    if sample or (sample is None and is_first and not config.is_production):
        with _step("Sample people and sessions"), transaction() as session:
            load_samples(session)
    with _step("Search index"):
        click.echo(f"{drain()} documents", nl=False)
    db.session.remove()


@contextmanager
def _step(name: str) -> Iterator[None]:
    click.echo(f"{name} … ", nl=False)
    started = time.perf_counter()
    yield
    click.echo(f" ({time.perf_counter() - started:.1f} s)")


def welcome(app: Flask) -> str:
    """What is printed when the site is up: its address, and on a new installation how to become administrator."""
    config: Config = app.config["GUILDHALL"]
    lines = [f"Guildhall is at {config.site_url}"]
    with app.test_request_context(base_url=config.site_url):
        if not count_administrators():
            token = sign_first_administrator(app.config["SECRET_KEY"])
            link = config.site_url + url_for("accounts.first_administrator", token=token)
            lines.append(f"Become its first administrator (once, within a week): {link}")
        db.session.remove()
    return "\n".join(lines)
