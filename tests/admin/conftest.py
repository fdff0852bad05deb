"""A small library with the real frameworks: the one that ships takes seconds to be read and indexed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT
from tests.factories.practices import write_practice


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content" / "frameworks", tmp_path / "content" / "frameworks")
    write_practice(tmp_path / "content" / "practices" / "area")
    write_practice(tmp_path / "content" / "practices" / "area", "merge-queue")
    return tmp_path / "content"
