"""Pictures and documents to upload, made for each test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image

Make = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_picture() -> Make:
    """`make_picture("JPEG", (w, h), exif=…)`: a picture with something to see in it."""

    def make(form: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
        out = BytesIO()
        Image.linear_gradient("L").resize(size).convert(mode).save(out, format=form, **options)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def make_document() -> Make:
    """`make_document({"word/document.xml": "…"})`: a packed document of these parts."""

    def make(parts: Mapping[str, str | bytes]) -> bytes:
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return out.getvalue()

    return make
