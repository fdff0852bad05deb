"""The passage of a text that shows best why it was found, with the found words marked."""

from __future__ import annotations

import re
from collections.abc import Collection

from markupsafe import Markup, escape

from app.search.analysis import fold, inner_terms, spans

LENGTH = 200
MAX_SCANNED = 60_000


def passage(text: str, sought: Collection[str], prefixes: Collection[str] = ()) -> Markup:
    """About 200 characters of `text` around the densest place of `sought` terms and of words that begin with one of
    `prefixes`; its beginning where there is none.
    """
    text = " ".join(text[:MAX_SCANNED].split())
    folded = _fold_in_place(text)
    matches = _matches(folded, set(sought), tuple(prefixes))
    start, end = _window(text, matches)
    body = _mark(text, [(a, b) for a, b in matches if a >= start and b <= end], start, end)
    return Markup("{}{}{}").format("… " if start else "", body, " …" if end < len(text) else "")


def mark_all(text: str, sought: Collection[str], prefixes: Collection[str] = ()) -> Markup:
    """The whole of a short `text` with what was found marked."""
    return _mark(text, _matches(_fold_in_place(text), set(sought), tuple(prefixes)), 0, len(text))


def _fold_in_place(text: str) -> str:
    """`text` folded, every character in its old place: one that would become several (`…`) stays as it is."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded
    return "".join(one if len(one := fold(character)) == 1 else character for character in text)


def _matches(folded: str, sought: set[str], prefixes: tuple[str, ...]) -> list[tuple[int, int]]:
    """The places of what is sought, in order and apart from each other."""
    if not (sought or prefixes):
        return []
    wanted = sought | {part for term in sought for part in inner_terms(term)}
    found = [
        (start, end)
        for term, start, end in spans(folded)
        if term in wanted
        or folded.startswith(prefixes, start, end)
        or any(part in sought for part in inner_terms(term))
    ]
    # Chinese words also where the text is cut otherwise.
    chinese = [re.escape(term) for term in sorted(sought, key=len, reverse=True) if not term.isascii()]
    found += [match.span() for match in re.finditer("|".join(chinese), folded)] if chinese else []
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _window(text: str, matches: list[tuple[int, int]]) -> tuple[int, int]:
    """The window of LENGTH characters with the most different matched words, widened to word ends."""
    best, best_worth = 0, -1
    last = 0
    for first, (start, _end) in enumerate(matches):
        while last < len(matches) and matches[last][1] <= start + LENGTH:
            last += 1
        worth = len({text[a:b].lower() for a, b in matches[first:last]}) * 100 + (last - first)
        if worth > best_worth:
            best, best_worth = start, worth
    start = max(0, min(best - LENGTH // 4, len(text) - LENGTH))
    end = min(len(text), start + LENGTH)
    while 0 < start < len(text) and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isascii() and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _mark(text: str, matches: list[tuple[int, int]], start: int, end: int) -> Markup:
    parts: list[Markup] = []
    at = start
    for a, b in matches:
        parts += (escape(text[at:a]), Markup("<mark>{}</mark>").format(text[a:b]))
        at = b
    return Markup("").join([*parts, escape(text[at:end])])
