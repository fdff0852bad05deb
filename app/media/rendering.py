"""The one door through which texts that people write become what readers see: Markdown, names, pictures and attachments."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app

from app.config import Config
from app.kernel.markup import Rendered, render
from app.kernel.sanitising import Resolver
from app.media.store import with_sizes
from app.web.references import names_of


def render_text(source: str, language: str, resolve: Resolver | None = None) -> Rendered:
    """`source` as safe HTML, with `[[links]]` and `@mentions` looked up for a text in `language`, and with sizes on pictures and
    attachments. Reads the database and takes its time, so never inside of a transaction. Raises InvalidInputError.
    """
    config: Config = current_app.config["GUILDHALL"]
    rendered = render(source, resolve, names_of(source, language))
    return replace(rendered, html=with_sizes(rendered.html, config.media_dir))
