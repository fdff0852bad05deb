"""Names in the scripts of the world: every letter is there, put together, in its order, and no box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdf
import pytest
import uharfbuzz
from fpdf.bidi import auto_detect_base_direction
from pypdf.generic import ContentStream

from app.press.fonts import FONTS
from app.press.paper import Paper
from app.press.runs import Run, runs_of
from tests.training.certificates.test_paper import pdf_of, text_of

NAMES = {
    "arabic": "محمد بن عبد الله",
    "with vowels": "مُحَمَّد",
    "persian": "علی\u200cرضا حسینی",
    "hebrew": "דוד בן גוריון",
    "yiddish": "שָׁלוֹם",
    "hangul": "김민수 뢥",
    "kana": "山田あゆみ ヴァレンティナ",
    "devanagari": "श्रीकृष्ण प्रसाद शर्मा",
    "thai": "ณัฐพงษ์ ศรีสุวรรณ",
    "vietnamese": "Nguyễn Thị Ánh Tuyết",
    "cyrillic": "Іван Ђорђевић",
    "greek": "Ἑλένη Παπαδοπούλου",
    "rare han": "陈喆祎珺玥𬭎龘",
    "extension b": "𠮷田 𨋢",
    "yoruba": "Àṣẹ́ Zọ́x̣",
    "tamil": "தமிழ்ச்செல்வன்",
    "telugu": "శ్రీనివాస్",
    "bengali": "রবীন্দ্রনাথ ঠাকুর",
    "gujarati": "મોહનદાસ ગાંધી",
    "punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "kannada": "ಕೃಷ್ಣಪ್ಪ",
    "malayalam": "കൃഷ്ണൻ",
    "odia": "ପ୍ରଦୀପ",
    "sinhala": "ශ්\u200dරී ජයවර්ධන",
    "khmer": "សុខ ស្រីមុំ",
    "lao": "ສົມພອນ",
    "burmese": "အောင်ဆန်းစုကြည်",
    "armenian": "Արամ Խաչատրյան",
    "georgian": "შოთა რუსთაველი",
    "amharic": "ኃይለ ገብረሥላሴ",
    "mixed": "Lin 林 Ким 김",
    "four words": "Omar عمر Lee",
}
# The second and later pictures of one letter are told to be a word joiner; where letters are moved, this reader sees spaces.
UNSEEN = re.compile("[ \u2060]")


def seen(text: str) -> str:
    return UNSEEN.sub("", text)


def pictures(run: Run) -> list[int]:
    """The numbers of the pictures that a font has for it, 0 for the box; by the shaping library itself."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = run.direction.value
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(FONTS[run.font]))), buffer)
    return [info.codepoint for info in buffer.glyph_infos]


def drawn(reader: pypdf.PdfReader) -> Iterator[tuple[str, int]]:
    """Every picture on the page: its font there, and its number in that font."""
    (page,) = reader.pages
    font = ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            font = str(operands[0])
        if operator == b"Tj":
            raw = operands[0].original_bytes
            yield from ((font, int.from_bytes(raw[at : at + 2])) for at in range(0, len(raw), 2))


def told(reader: pypdf.PdfReader) -> set[tuple[str, int]]:
    """The pictures of which the paper says what they mean."""
    fonts: Any = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return {
        (name, int(code, 16))
        for name in fonts
        for code in re.findall(r"<(\w{4})> <\w+>", fonts[name]["/ToUnicode"].get_data().decode())
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_letter_is_printed_and_reads_as_the_name(name: str) -> None:
    reader = pdf_of(name=name)
    assert seen(name) in seen(text_of(reader))
    every = set(drawn(reader))
    assert every <= told(reader)
    assert 0 not in {number for _font, number in every}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_font_answers_with_a_box(name: str) -> None:
    runs = runs_of(name, auto_detect_base_direction(name))
    assert sorted("".join(run.text for run in runs)) == sorted(name)
    assert all(0 not in pictures(run) for run in runs)


def test_a_box_would_be_seen() -> None:
    assert pictures(Run("བ", "serif", 0)) == [0]


@pytest.mark.parametrize(
    ("line", "as_drawn"),
    [
        ("Omar עומר לוי 12 Lee", ["Omar ", "12", "עומר לוי ", " Lee"]),
        ("דוד Ada", ["Ada", "דוד "]),
        ("Lin 林 Ким", ["Lin ", "林 ", "Ким"]),
        ("Led by محمد, Ada", ["Led by ", "محمد", ", Ada"]),
        ("(דוד)", [")", "דוד", "("]),
    ],
)
def test_names_from_the_right_stand_where_they_belong(line: str, as_drawn: list[str]) -> None:
    assert [run.text for run in runs_of(line, auto_detect_base_direction(line))] == as_drawn


def test_letters_of_arabic_are_joined_across_the_whole_name() -> None:
    """Beside each other they have other pictures than alone."""
    name = "محمد علي"
    (run,) = runs_of(name, auto_detect_base_direction(name))
    alone = {number for letter in name for number in pictures(Run(letter, run.font, 1))}
    assert len(set(pictures(run)) - alone) >= 4


def test_a_mark_is_printed_by_the_font_of_its_letter() -> None:
    assert [(run.text, run.font) for run in runs_of("Zọ́ مُ", auto_detect_base_direction("Z"))] == [
        ("Zọ́ ", "serif"),
        ("مُ", "arabic"),
    ]


def test_beside_kana_chinese_characters_have_the_shapes_of_japan() -> None:
    for text, font in (("直子", "han"), ("直子さん", "japanese"), ("陈さん", "japanese")):
        assert runs_of(text, auto_detect_base_direction(text))[-1].font == font


def test_a_name_from_the_right_is_read_aloud_in_its_order() -> None:
    """Its pictures stand from left to right in the file, so a screen reader is told the text."""
    root: Any = pdf_of(name=NAMES["arabic"]).trailer["/Root"]
    kids = [kid.get_object() for kid in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert [kid["/Alt"] for kid in kids if kid["/S"] == "/P" and "/Alt" in kid] == [NAMES["arabic"]]


def test_lines_are_broken_between_words_and_beside_chinese_characters() -> None:
    with closing(Paper(orientation="landscape", format="A4")) as paper:
        paper.set_margins(30, 26, 30)
        long = "عبد الرحمن بن محمد " * 8
        lines = paper.lines(long.strip(), 34)
        assert len(lines) > 2
        assert " ".join(lines) == long.strip()
        han = "测试，" * 30
        lines = paper.lines(han, 34)
        assert "".join(lines) == han
        assert all(not line.startswith("，") for line in lines)
        word = "श्री" * 60
        lines = paper.lines(word, 34)
        assert "".join(lines) == word
        assert all(line.startswith("श्री") for line in lines)
