"""`flask search glossary …`"""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.search.glossary.file import FILE, check_file, read_file
from app.search.glossary.lookup import Glossary

group = AppGroup("glossary", help="The names that search finds by each other.")


@group.command("check")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=FILE)
def check(path: Path) -> None:
    """Say what is wrong with a glossary file, line by line. Without PATH: that of this installation."""
    problems = check_file(path)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{path.name}: {len(problems)} to mend.")
    entries = read_file(path)
    click.echo(f"{path.name}: {len(entries)} entries, {len(Glossary(entries))} names, nothing wrong.")
