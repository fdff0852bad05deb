"""Every sentence of the code has its Chinese, with the same placeholders."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "app" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
# Names and signs that are the same in both languages.
SAME = {"Guildhall", "Markdown", "CSV"}


def spoken() -> set[str | tuple[str, ...]]:
    """Every message in the code and the templates."""
    options = {"**/templates/**.html": {"trimmed": "true"}}
    found = extract_from_dir(
        str(ROOT / "app"), METHODS, options, keywords=KEYWORDS, directory_filter=lambda _folder: True
    )
    return {message for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="zh_Hans_CN")


def test_every_sentence_is_translated(catalogue: Catalog) -> None:
    missing = [message for message in spoken() if not is_translated(catalogue, message)]
    assert missing == []


def is_translated(catalogue: Catalog, message: str | tuple[str, ...]) -> bool:
    entry = catalogue.get(message if isinstance(message, str) else message[0])
    if entry is None or entry.fuzzy:
        return False
    texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
    return all(texts)


def test_nothing_is_translated_that_nobody_says(catalogue: Catalog) -> None:
    said = {message if isinstance(message, str) else message[0] for message in spoken()}
    stale = [key for entry in catalogue if (key := _key(entry)) and key not in said]
    assert stale == []


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    wrong = []
    for entry in catalogue:
        if not entry.id:
            continue
        source = str(entry.id[-1] if isinstance(entry.id, tuple) else entry.id)
        texts = [str(text) for text in (entry.string if isinstance(entry.string, tuple) else (entry.string,))]
        wanted = set(PLACEHOLDER.findall(source))
        wrong += [source for text in texts if set(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


def test_translations_are_chinese(catalogue: Catalog) -> None:
    latin = [
        entry.id
        for entry in catalogue
        if entry.id
        and re.search(r"[A-Za-z]{3}", PLACEHOLDER.sub("", str(entry.id)))
        and _key(entry) not in SAME
        and not re.search(r"[一-鿿]", str(entry.string))
    ]
    assert latin == []


def test_a_sentence_without_translation_would_be_noticed(catalogue: Catalog) -> None:
    assert not is_translated(catalogue, "Nobody has translated this.")


def _key(entry: Message) -> str:
    return entry.id[0] if isinstance(entry.id, tuple) else str(entry.id)
