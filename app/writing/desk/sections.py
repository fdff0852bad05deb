"""What other pages show of the desk."""

from __future__ import annotations

from flask import render_template

from app.accounts.models import User
from app.writing.desk.queries import list_unsaved_new


def unsaved(person: User) -> str:
    """What the person began and never saved."""
    found = list_unsaved_new(person.id)
    return render_template("writing/_unsaved.html", found=found) if found else ""
