"""The passage of a text that shows best why it was found, with the found words marked."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from markupsafe import Markup, escape

from app.search.analysis import base_terms, fold, inner_terms, is_han

LENGTH = 200
MAX_SCANNED = 60_000
# So many places are enough to find the densest.
MAX_MATCHES = 200
MIN_STEM = 4

Place = tuple[int, int]


def passage(text: str, sought: Collection[str], prefixes: Collection[str] = ()) -> Markup:
    """About 200 characters of `text` around the densest place of `sought` terms and of words that begin with one of
    `prefixes`; its beginning where there is none.
    """
    text = " ".join(text[:MAX_SCANNED].split())
    sought, prefixes = frozenset(sought), frozenset(prefixes)
    # To fold a whole text takes ten times as long as to search it, and is seldom needed.
    lower = text.lower()
    matches = _matches(lower, sought, prefixes) if len(lower) == len(text) else []
    matches = matches or _matches(_fold_in_place(text), sought, prefixes)
    start, end = _window(text, matches)
    body = _mark(text, [(a, b) for a, b in matches if a >= start and b <= end], start, end)
    return Markup("{}{}{}").format("… " if start else "", body, " …" if end < len(text) else "")


def mark_all(text: str, sought: Collection[str], prefixes: Collection[str] = ()) -> Markup:
    """The whole of a short `text` with what was found marked."""
    return _mark(text, _matches(_fold_in_place(text), frozenset(sought), frozenset(prefixes)), 0, len(text))


class _InPlace(dict[int, str]):
    """Each character folded, if that is one character again."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold(character)
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_IN_PLACE = _InPlace()


def _fold_in_place(text: str) -> str:
    """`text` folded, every character in its old place: one that would become several (`…`) stays as it is."""
    return text.translate(_IN_PLACE)


def _matches(folded: str, sought: frozenset[str], prefixes: frozenset[str]) -> list[Place]:
    """Where the folded text has what is sought, apart from each other. What a pattern finds is looked at closely: the words
    that begin like a stem are not all forms of it.
    """
    if not (sought or prefixes):
        return []
    wanted = sought | {part for term in sought for part in inner_terms(term)}
    pattern = _pattern(sought, prefixes)
    found: list[Place] = []
    for match in pattern.finditer(folded):
        word = match[0]
        if is_han(word) or word.startswith(tuple(prefixes)) or _is_wanted(word, wanted, sought):
            found.append(match.span())
            if len(found) == MAX_MATCHES:
                break
    return found


def _is_wanted(word: str, wanted: frozenset[str], sought: frozenset[str]) -> bool:
    return any(term in wanted or any(part in sought for part in inner_terms(term)) for term in base_terms(word))


@lru_cache(maxsize=256)
def _pattern(sought: frozenset[str], prefixes: frozenset[str]) -> re.Pattern[str]:
    """What may be one of the terms: the terms themselves where they are Chinese, words that begin like them otherwise."""
    terms = sought | {part for term in sought for part in inner_terms(term)}
    han = sorted((term for term in terms if is_han(term)), key=len, reverse=True)
    # The last letter of a stem may have changed: `deploy` is also that of "deployed", `polici` that of "policy".
    stems = {term[:-1] if len(term) > MIN_STEM else term for term in terms if not is_han(term)}
    latin = [
        re.escape(stem) for stem in sorted(stems | {one for one in prefixes if not is_han(one)}, key=len, reverse=True)
    ]
    parts = [re.escape(term) for term in [*han, *sorted(one for one in prefixes if is_han(one))]]
    if latin:
        word = r"[^\W_\u3400-\u9fff]"
        # It begins where no word does before it: tried at each part of `a.a.a.a`, it would take the square of its length.
        parts.append(
            rf"(?<!{word})(?<!{word}[.#_/])(?:{word}+[.#_/])*(?:{'|'.join(latin)})(?:[.+#_/'’]?{word})*(?:\+\+|\#)?"
        )
    return re.compile("|".join(parts))


def _window(text: str, matches: list[Place]) -> Place:
    """The window of LENGTH characters with the most different matched words, widened to word ends."""
    best, best_worth = 0, -1
    last = 0
    # Three forms of one word are one word.
    terms = [next(base_terms(fold(text[start:end])), "") for start, end in matches]
    for first, (start, _end) in enumerate(matches):
        while last < len(matches) and matches[last][1] <= start + LENGTH:
            last += 1
        worth = len(set(terms[first:last])) * 100 + (last - first)
        if worth > best_worth:
            best, best_worth = start, worth
    start = max(0, min(best - LENGTH // 4, len(text) - LENGTH))
    end = min(len(text), start + LENGTH)
    while 0 < start < len(text) and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isascii() and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _mark(text: str, matches: list[Place], start: int, end: int) -> Markup:
    parts: list[Markup] = []
    at = start
    for a, b in matches:
        parts += (escape(text[at:a]), Markup("<mark>{}</mark>").format(text[a:b]))
        at = b
    return Markup("").join([*parts, escape(text[at:end])])
