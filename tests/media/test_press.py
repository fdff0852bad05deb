"""What becomes of a picture, and what is taken for a document. The programs run as they do on a site."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from app.kernel.errors import InvalidInputError
from app.media.pressing import press_attachment, press_picture

pytestmark = pytest.mark.slow

Make = Callable[..., bytes]
DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright(make_picture: Make) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Secret Camera"
    exif.get_ifd(GPS)[2] = (29.0, 52.0, 7.0)
    taken = make_picture("JPEG", (80, 40), exif=exif, comment=b"secret comment")
    assert b"Secret Camera" in taken

    pressed = press_picture(taken)

    assert (pressed.suffix, pressed.told["width"], pressed.told["height"]) == (".jpg", 40, 80)
    assert opened(pressed.data).size == (40, 80)
    assert dict(opened(pressed.data).getexif()) == {}
    assert b"ecret" not in pressed.data


@pytest.mark.parametrize(("form", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp"), ("GIF", ".png")])
def test_a_large_picture_is_made_smaller_in_its_proportions(make_picture: Make, form: str, suffix: str) -> None:
    pressed = press_picture(make_picture(form, (2600, 1300)))

    assert pressed.suffix == suffix
    assert opened(pressed.data).size == (2000, 1000) == (pressed.told["width"], pressed.told["height"])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_write_pixels_is_read(make_picture: Make, mode: str) -> None:
    pressed = press_picture(make_picture("PNG", (30, 20), mode))

    assert opened(pressed.data).size == (30, 20)
    assert ("A" in opened(pressed.data).mode) == mode.endswith("A")


def test_colours_of_another_profile_come_to_srgb_without_it(make_picture: Make) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pressed = press_picture(make_picture("JPEG", icc_profile=lab))

    assert "icc_profile" not in opened(pressed.data).info
    assert press_picture(make_picture("JPEG", icc_profile=b"no profile")).suffix == ".jpg"


def test_an_animation_becomes_its_first_picture_and_says_so() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    out = BytesIO()
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:])

    pressed = press_picture(out.getvalue())

    assert pressed.told["was_animated"] is True
    assert opened(pressed.data).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (2_000_000, 30), (7_100, 7_100)])
def test_a_bomb_is_told_by_its_header(width: int, height: int) -> None:
    with pytest.raises(InvalidInputError, match="more than 50 million pixels"):
        press_picture(png_of(width, height))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a file first"),
        (b"not a picture", "no picture that can be shown"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture that can be shown"),
        (b"<html><script>alert(1)</script></html>", "no picture that can be shown"),
        (b"BM" + b"\0" * 100, "no picture that can be shown"),
        (b"%PDF-1.7", "no picture that can be shown"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read|no picture"),
        (b"GIF89a", "cannot be read|no picture"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence) as refusal:
        press_picture(data)
    assert refusal.value.field == "file"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_half_a_picture_is_refused(make_picture: Make, form: str) -> None:
    whole = make_picture(form, (300, 300))

    with pytest.raises(InvalidInputError, match=r"cannot be read to its end|no picture"):
        press_picture(whole[: len(whole) // 2])


def test_what_else_a_picture_is_does_not_survive(make_picture: Make, make_document: Make) -> None:
    for hidden in (b"<script>alert(1)</script>", make_document({"evil.js": "alert(1)"})):
        for form in ("JPEG", "PNG", "GIF", "WEBP"):
            pressed = press_picture(make_picture(form) + hidden)
            assert b"script" not in pressed.data
            assert b"evil.js" not in pressed.data


@pytest.mark.parametrize(
    ("data", "name", "suffix"),
    [
        (b"%PDF-1.7\n...", "a.pdf", ".pdf"),
        (b"%PDF-1.7\n...", "a.exe", ".pdf"),
        ("a,b\n1,二\n".encode(), "figures.CSV", ".csv"),
        ("a,b\n1,二\n".encode("gb18030"), "figures.csv", ".csv"),
        ("text 文字".encode("utf-16"), "notes", ".txt"),
        (b"<script>alert(1)</script>", "page.html", ".txt"),
    ],
)
def test_a_document_is_what_its_bytes_say(data: bytes, name: str, suffix: str) -> None:
    pressed = press_attachment(data, name)

    assert (pressed.suffix, pressed.data) == (suffix, data)


@pytest.mark.parametrize(
    ("parts", "suffix"),
    [
        (DOCX, ".docx"),
        ({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}, ".xlsx"),
        ({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}, ".pptx"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, ".odt"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, ".ods"),
        ({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<x/>"}, ".odp"),
    ],
)
def test_documents_of_office_programs_are_told_apart(make_document: Make, parts: dict[str, str], suffix: str) -> None:
    assert press_attachment(make_document(parts), "x.zip").suffix == suffix


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({**DOCX, "word/vbaProject.bin": "x"}, "macros"),
        (
            {**DOCX, "[Content_Types].xml": "<Override ContentType='application/vnd.ms-word.document.macroEnabled'/>"},
            "macros",
        ),
        ({**DOCX, "word/activeX/activeX1.bin": "x"}, "macros"),
        ({**DOCX, "word/embeddings/evil.exe": "x"}, "macros"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml": "x"}, "macros"),
        ({**DOCX, "word/media/image1.png": b"\0" * 30_000_000}, "far larger"),
        ({"a.txt": "x"}, "Archives are not taken"),
        ({"word/document.xml": "x"}, "Archives are not taken"),
    ],
)
def test_what_acts_or_hides_in_a_document_is_refused(
    make_document: Make, parts: dict[str, str | bytes], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        press_attachment(make_document(parts), "a.docx")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04broken", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old format of Office"),
        (b"7z\xbc\xaf\x27\x1c", "Archives"),
        (b"\x7fELF\x02\x01\x01", "not taken"),
        (b"MZ\x90\0", "not taken"),
        (b"   \n", "not taken"),
        (b"\xff\xd8\xff\xe0", "not taken"),
    ],
)
def test_other_files_are_refused_with_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        press_attachment(data, "a.pdf")


def test_a_press_that_is_killed_refuses_one_upload(make_picture: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.media.pressing.SECONDS", 0.001)
    with pytest.raises(InvalidInputError, match="cannot be read"):
        press_picture(make_picture())
    monkeypatch.undo()

    assert press_picture(make_picture()).suffix == ".png"
