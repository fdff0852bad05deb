"""`flask search …`"""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import AppGroup

from app.search.glossary.cli import group as glossary_group
from app.search.index import IndexBrokenError, IndexBusyError
from app.search.outbox import backlog, drain, rebuild, the_index
from app.search.queries import SearchRequest, run_search
from app.search.sources import all_sources

group = AppGroup("search", help="The full-text index: ask it, bring it up to date, make it anew.")
group.add_command(glossary_group)


@group.command("query")
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be given several times.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def query(text: str, kinds: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Search as a visitor does."""
    unknown = set(kinds) - set(all_sources())
    if unknown:
        raise click.ClickException(
            f"No kind is called {', '.join(sorted(unknown))}. Kinds: {', '.join(all_sources())}."
        )
    with current_app.test_request_context("/search"):
        try:
            answer = run_search(SearchRequest(text, {"kind": kinds}), None, size=limit)
        except IndexBrokenError:
            raise click.ClickException("There is no usable index. Run `flask search rebuild`.") from None
    if as_json:
        shown = [
            {
                "kind": hit.kind,
                "title": hit.found.title,
                "url": hit.found.url,
                "passage": hit.passage.striptags(),
                "score": hit.score,
            }
            for hit in answer.hits
        ]
        found = {"query": text, "total": answer.total, "correction": answer.correction, "hits": shown}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{answer.total} found" + (" with some words missing" if answer.loosened else ""))
    if answer.correction:
        click.echo(f"Did you mean: {answer.correction}")
    for hit in answer.hits:
        click.echo(f"{hit.score:7.2f}  {hit.kind:11}  {hit.found.title}  {hit.found.url}")


@group.command("sync")
def sync() -> None:
    """Write what has changed into the index, as the worker does by itself."""
    click.echo(f"{drain()} documents brought up to date.")


@group.command("rebuild")
def rebuild_command() -> None:
    """Make the index anew from the database. Searches go on meanwhile."""
    try:
        click.echo(f"The index was made anew: {rebuild()} documents.")
    except IndexBusyError:
        raise click.ClickException("Another process is writing the index. Try again in a moment.") from None


@group.command("status")
def status() -> None:
    """Say what the index holds and what it still lacks."""
    try:
        counts = the_index().count_by_kind()
    except IndexBrokenError as error:
        raise click.ClickException(f"The index cannot be read ({error}). Run `flask search rebuild`.") from None
    for kind in all_sources():
        click.echo(f"{kind:12} {counts.get(kind, 0):6}")
    click.echo(f"{'to do':12} {backlog():6}")
