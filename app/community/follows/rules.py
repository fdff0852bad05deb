"""What can be followed, and what of it is told. No database, no Flask."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import quote, unquote

from app.community.subjects import Ref

# In the order of the page; what is left out, a session or a case study, does not go on.
FOLLOWED_KINDS = ("practice", "capability", "tag", "team", "coach")
# More than anybody reads about.
MOST_FOLLOWED = 500
# An account, in place of a coach: for those who stand below the directory and know only who it is.
PERSON = "person"


class Event(StrEnum):
    """What is told to followers."""

    PRACTICE = "practice published"
    PRACTICE_CHANGED = "practice changed"
    CASE_STUDY = "case study published"
    TRAINING = "training announced"
    COACH = "coach has room"


def kind_of(event: Event) -> str:
    """The kind of message about it."""
    return f"followed {event}"


def key_of(kind: str, slug: str) -> str:
    """A reference as the argument of a part, which takes letters, digits, dots and hyphens: a tag can hold anything."""
    return f"{kind}.{quote(slug, safe='').replace('_', '%5F').replace('~', '%7E').replace('%', '_')}"


def read_key(key: str) -> Ref:
    kind, slug = Ref.parse(key)
    return Ref(kind, unquote(slug.replace("_", "%")))
