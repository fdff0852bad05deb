"""Which font has a character. All of them are under the SIL Open Font License and come with the lock file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from fontTools.ttLib import TTFont

_SCRIPTS = (
    "Arabic",
    "Hebrew",
    "Devanagari",
    "Thai",
    "Bengali",
    "Tamil",
    "Telugu",
    "Gujarati",
    "Gurmukhi",
    "Kannada",
    "Malayalam",
    "Oriya",
    "Sinhala",
    "Khmer",
    "Lao",
    "Myanmar",
    "Armenian",
    "Georgian",
    "Ethiopic",
)
# The first that has a character prints it: Latin, Greek, Cyrillic; Chinese; the scripts of one small font each; Korean; and the
# Chinese characters of Japan and then of Hong Kong and Taiwan that the others lack, many of them from Extension B.
FONTS = {
    "serif": str(files("fontpkg_noto_serif").joinpath("files/NotoSerif[wdth,wght].ttf")),
    "han": str(files("pylopdf_fonts_zh_cn").joinpath("NotoSerifSC-Regular.otf")),
    **{name.lower(): str(files("manimgx_fonts").joinpath(f"NotoSans{name}[wght].ttf")) for name in _SCRIPTS},
    "hangul": str(files("pylopdf_fonts_ko").joinpath("NotoSerifKR-Regular.otf")),
    "japanese": str(files("pylopdf_fonts_jp").joinpath("NotoSerifJP-Regular.otf")),
    # For code, which asks for it by name; as one of many it adds the lines of boxes and some arrows.
    "mono": str(files("fontpkg_ibm_plex_mono").joinpath("files/IBMPlexMono-Regular.ttf")),
    "hong kong": str(files("pylopdf_fonts_zh_tw").joinpath("NotoSerifTC-Regular.otf")),
}
# One character is one picture in these, unless marks stand above or below it.
PLAIN = frozenset({"serif", "han", "japanese", "hong kong", "mono"})
# Where there are kana, the Chinese characters beside them have the shapes that are usual in Japan.
_IN_JAPANESE = ("serif", "japanese", *FONTS)
IN_CODE = ("mono", *FONTS)
_KANA = re.compile("[\u3041-\u30fa\u30fd-\u30ff]")
# Zero width non-joiner and joiner: they are not seen, but change the letters beside them. Persian and Sinhala need them.
JOINERS = "\u200c\u200d"


def clusters(text: str) -> list[str]:
    """The characters, each with the marks and joiners that belong to it: these have to come from one font."""
    found: list[str] = []
    for character in text:
        if found and (character in JOINERS or unicodedata.category(character).startswith("M")):
            found[-1] += character
        else:
            found.append(character)
    return found


def preferred(text: str) -> Iterable[str]:
    """The fonts in the order in which they are asked for what stands in this text."""
    return _IN_JAPANESE if _KANA.search(text) else FONTS


def font_for(cluster: str, order: Iterable[str] = FONTS) -> str | None:
    """The first font in the order that prints it."""
    return next((font for font in order if has(font, cluster)), None)


def is_known(character: str) -> bool:
    """Whether any font has the character."""
    return font_for(character) is not None


def lacking(cluster: str) -> str:
    """What no font has of it: those characters, or all of it where only the combination is in none."""
    if font_for(cluster):
        return ""
    return "".join(c for c in cluster if not is_known(c)) or cluster


def has(font: str, cluster: str) -> bool:
    return all(ord(character) in _characters(font) for character in cluster if character not in JOINERS)


@cache
def _characters(font: str) -> frozenset[int]:
    """A font is opened when one before it did not do, which for most names is never."""
    with TTFont(FONTS[font], lazy=True) as opened:
        return frozenset(opened.getBestCmap())
