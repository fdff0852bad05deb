"""What the pages of texts say to somebody whom an old address led there."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template

from app.writing.keeping.elsewhere import arrival


def arrivals(arguments: Sequence[str]) -> list[str]:
    """The part `arrival`: a line about the text that this one replaces; nothing for everybody else."""
    former = arrival()
    html = render_template("writing/keeping/_arrival.html", former=former) if former else ""
    return [html for _argument in arguments]
