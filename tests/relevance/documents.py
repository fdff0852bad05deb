"""The documents that the queries in `judged.yaml` are asked of: our own content and, where it is there, the corpus.

They are read and cleaned as an import would read them, without a database. A document for each language; its `group` is
the name by which it is judged.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from app.kernel.markup import render, renderer
from app.kernel.report import Report
from app.practices.foreign import Foreign, field_list, field_text, first_sentence, read_tree
from app.practices.importer import TAG_FIELDS
from app.search.sources import Document
from tests.relevance.kept import kept

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
CORPUS = Path(os.environ.get("RELEVANCE_CORPUS", ROOT.parent / "shared" / "corpus"))
DAY_FIELDS = ("published", "reviewed", "date")


def load_content() -> list[Document]:
    """What the site comes with."""
    practices = _tree(CONTENT / "practices", "practices", "practice")
    return [*practices, *_tree(CONTENT / "case-studies", "case-studies", "case-study")]


def load_corpus() -> list[Document]:
    """What a company would bring along; nothing where the corpus is absent."""
    folders = sorted(path for path in CORPUS.iterdir() if path.is_dir()) if CORPUS.is_dir() else []
    return list(chain.from_iterable(_tree(folder, f"corpus/{folder.name}", "practice") for folder in folders))


@cache
def load_all() -> tuple[Document, ...]:
    return (*load_content(), *load_corpus())


def _tree(folder: Path, prefix: str, kind: str) -> list[Document]:
    """The documents under `folder`. To render them takes seconds, so they are kept until a file or the code changes."""
    foreign = read_tree(folder, Report(), None)
    state = [(each.place, each.digest) for each in foreign]
    texts = kept((prefix, state, renderer()), lambda: {each.place: render(each.body).text for each in foreign})
    return [_document(each, texts[each.place], prefix, kind) for each in foreign]


def _document(foreign: Foreign, text: str, prefix: str, kind: str) -> Document:
    fields = foreign.fields
    name = f"{prefix}/{re.sub('/index$', '', foreign.pair)}"
    level, capability = fields.get("level"), field_text(fields.get("capability"))
    area, names = _capabilities().get(capability, ("", ()))
    return Document(
        kind=kind,
        key=f"{name}.{foreign.language}",
        title=foreign.title,
        summary=foreign.summary or first_sentence(text),
        body=text,
        tags=[tag for field in TAG_FIELDS for tag in field_list(fields.get(field))],
        languages=[foreign.language],
        area=area,
        capabilities=[capability] if area else [],
        levels=[level] if isinstance(level, int) else [],
        keywords=names,
        group=name,
        day=next((day for field in DAY_FIELDS if (day := _day(fields.get(field)))), None),
    )


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


@cache
def _capabilities() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """{slug: (slug of its area, its names)} of our own framework."""
    framework = yaml.load(
        (CONTENT / "frameworks" / "continuous-delivery.yaml").read_bytes(),
        getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    return {
        capability["slug"]: (area["slug"], tuple(capability["name"].values()))
        for area in framework["areas"]
        for capability in area["capabilities"]
    }
