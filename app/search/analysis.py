"""How text becomes terms: one pass for Chinese and English mixed.

Han runs go through a dictionary segmenter (rjieba); other words are folded (NFKC, lower case), stemmed (Porter 2) and
kept whole where engineers mean them whole: `C++`, `C#`, `v1.2`, `CI/CD`. `ANALYSIS` names this very behaviour: change it
with the code, and every index is rebuilt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import rjieba
from opencc import OpenCC
from whoosh.lang.porter2 import stem

ANALYSIS = "mixed-4"

_TOKEN = re.compile(
    r"(?P<han>[㐀-䶿一-鿿豈-﫿]+)"
    r"|(?P<word>[^\W_㐀-䶿一-鿿豈-﫿]+(?:['’][^\W\d_]+|[.+#_/][^\W_㐀-䶿一-鿿豈-﫿]+)*(?:\+\+|\#)?)"
)
_ACCENTED = re.compile("[\u00c0-\u024f]")
_HAN = re.compile("[㐀-䶿一-鿿豈-﫿]")
_HAN_RUN = re.compile("[㐀-䶿一-鿿豈-﫿]{2,}")
_PARTS = re.compile(r"[^\W_]+(?:\+\+|\#)?")
_STOP_WORDS = frozenset(
    "a an and are as at be by for from has have if in is it its of on or that the this to was we were will with you "
    "your can may not our us when how do does what so should all get getting whether many much some any one there then "
    "than also between about into out up need find make made want would could who which why where while after before "
    "without i me my them they their he his she her these those been being more most very just only even still am did "
    "had no 怎么 怎样 如何 什么 为什么 哪些 哪个 哪里 的 了 和 与 是 在 及 或 等 也 都 就 吗 呢 吧 我 我们 你 你们 把 被 对 从".split()
)


def fold(text: str) -> str:
    """`text` with half and full width, upper and lower case, letters with and without accents, traditional and
    simplified characters made one.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    if folded.isascii():
        return folded
    return _ACCENTED.sub(_without_accent, folded.translate(_SIMPLIFIED))


def _simplified() -> dict[int, str]:
    """Every traditional character that has one simplified form. Character by character, so that nothing moves."""
    characters = [chr(code) for block in _HAN_BLOCKS for code in block]
    forms = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, forms, strict=True)
    return {ord(one): other for one, other in pairs if one != other and len(other) == 1}


_HAN_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_SIMPLIFIED = _simplified()


def _without_accent(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", match[0])[0]


def base_terms(text: str) -> Iterator[str]:
    """The terms of `text` in order, each word once: what phrases are made of."""
    for term, _start, _end in spans(text):
        yield term


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """(term, start, end) in order. Offsets are those of `text`, provided that it is folded (`fold`)."""
    for match in _TOKEN.finditer(text):
        if match["han"]:
            start = match.start()
            for word in rjieba.cut(match["han"]):
                if word not in _STOP_WORDS:
                    yield word, start, start + len(word)
                start += len(word)
            continue
        term = _term(match["word"])
        if term:
            yield term, match.start(), match.end()


def inner_terms(term: str) -> tuple[str, ...]:
    """The further terms under which a text with `term` is found: words inside a long Chinese word (部署 in 自动部署),
    parts of a compound (`ci` and `cd` of `ci/cd`).
    """
    if _HAN.match(term):
        return _words_inside(term)
    return _parts(term) if not term.isalnum() else ()


def sought_places(text: str) -> Iterator[tuple[str, int, int]]:
    """(term, start, end) of what to look for when the folded `text` is asked for: single characters that stand together
    are no words of their own, so each two of them are one (看板, which the dictionary does not know).
    """
    places = list(spans(text))
    for number, (term, start, end) in enumerate(places):
        if len(term) > 1 or not _HAN.match(term):
            yield term, start, end
            continue
        before, after = places[max(number - 1, 0)], places[min(number + 1, len(places) - 1)]
        if len(after[0]) == 1 and after[1] == end:
            yield text[start : end + 1], start, end + 1
        elif not (len(before[0]) == 1 and before[2] == start):
            yield term, start, end


def overlapping_words(text: str) -> Iterator[str]:
    """What the folded `text` contains if its Chinese is cut otherwise: 看板 in 看板上线, which is cut 看/板上/线. Every two
    characters that stand together, and the longer words of the dictionary.
    """
    for match in _HAN_RUN.finditer(text):
        run = match[0]
        yield from (run[at : at + 2] for at in range(len(run) - 1))
        yield from (word for word in rjieba.cut_all(run) if len(word) > 2)


@lru_cache(maxsize=100_000)
def _term(word: str) -> str | None:
    """A surface word as a term; None for one that says nothing."""
    word = re.sub(r"['’]s$", "", word)
    if word in _STOP_WORDS:
        return None
    return stem(word) if len(word) > 2 and word.isascii() and word.isalpha() else word


@lru_cache(maxsize=100_000)
def _words_inside(word: str) -> tuple[str, ...]:
    return tuple(part for part in rjieba.cut_for_search(word) if part != word) if len(word) > 2 else ()


@lru_cache(maxsize=20_000)
def _parts(compound: str) -> tuple[str, ...]:
    found = (_term(part) for part in _PARTS.findall(compound))
    return tuple(part for part in found if part and part != compound)


def is_han(term: str) -> bool:
    return _HAN.match(term) is not None
