"""A picture as it is kept: decoded and written anew, so that nothing of the file remains but what one sees.

Where it was taken, by whom and with what (EXIF, XMP, IPTC), comments, previews and whatever is appended to it are gone, as is
anything that only looks like a picture. Colours are brought to sRGB, which needs no profile. An animation becomes its first
picture: what moves for more than five seconds would need a button to stop it (WCAG 2.2.2).
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.media.press.answers import Answer, RefusedError, run

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MAX_PIXELS = 50_000_000
MAX_SIDE = 2000
_WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": (".jpg", {"format": "JPEG", "quality": 85, "optimize": True, "progressive": True}),
    "WEBP": (".webp", {"format": "WEBP", "quality": 85, "method": 4}),
    "PNG": (".png", {"format": "PNG", "optimize": True}),
    "GIF": (".png", {"format": "PNG", "optimize": True}),
}


def press(data: bytes) -> Answer:
    """The picture in `data` as it is kept. Raises RefusedError."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise RefusedError("pixels") from None
    except UnidentifiedImageError:
        raise RefusedError("no-picture") from None
    except Exception:  # noqa: BLE001  # a decoder may fail in any way, and none of them is ours
        raise RefusedError("broken") from None
    # Until here only the header was read.
    if picture.width * picture.height > MAX_PIXELS:
        raise RefusedError("pixels")
    try:
        return _written(picture, str(picture.format), is_animated=getattr(picture, "is_animated", False))
    except MemoryError:
        raise RefusedError("pixels") from None
    except Exception:  # noqa: BLE001
        raise RefusedError("broken") from None


def _written(picture: Image.Image, written_as: str, *, is_animated: bool) -> Answer:
    profile = picture.info.get("icc_profile")
    # A JPEG can be decoded at an eighth, a quarter or half of its size, for as little of the time.
    picture.draft(picture.mode, (MAX_SIDE, MAX_SIDE))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if max(upright.size) > MAX_SIDE:
        if upright.mode in {"P", "1"}:
            upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
        upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    bare = _in_srgb(upright, profile, keeps_alpha=written_as != "JPEG")
    out = BytesIO()
    suffix, options = _WRITTEN[written_as]
    bare.save(out, **options)
    told = {"suffix": suffix, "width": bare.width, "height": bare.height, "was_animated": is_animated}
    return Answer(told, out.getvalue())


def _in_srgb(picture: Image.Image, profile: bytes | None, *, keeps_alpha: bool) -> Image.Image:
    """The pixels alone, in a mode that every format here can hold."""
    has_alpha = keeps_alpha and (picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info)
    mode = "RGBA" if has_alpha else "L" if picture.mode in {"1", "L", "I;16", "I"} else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGBA" if picture.mode == "RGBA" else "RGB"
            )
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError):
            pass  # A profile that cannot be read: the colours stay as they are.
    if picture.mode in {"I;16", "I"}:
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert(mode)
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


if __name__ == "__main__":
    run(press)
