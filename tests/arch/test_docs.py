"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app.config import settings_table

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_shows_every_setting_as_it_is() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", read("README.md"), re.MULTILINE)
    documented = [(name, default.strip().strip("`"), meaning.strip()) for name, default, meaning in rows]
    assert documented == settings_table()


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {
        target for path in DOCUMENTS for target in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert named <= targets


def test_every_flask_command_in_the_documents_exists(app: Flask) -> None:
    named = {
        words
        for path in DOCUMENTS
        for words in re.findall(r"flask ([a-z]+(?: [a-z-]+)?)", path.read_text(encoding="utf-8"))
    }
    for words in named:
        group, _, verb = words.partition(" ")
        command = app.cli.commands.get(group)
        assert group == "db" or command is not None, words
        if verb and hasattr(command, "commands"):
            assert verb in command.commands, words  # type: ignore[union-attr]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_in_the_documents_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [
        target.partition("#")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"https?:|#|mailto:", target)
    ]
    missing = [target for target in links if target and "…" not in target and not (path.parent / target).exists()]
    named = re.findall(r"`((?:app|tests|docs|content|static|migrations)/[\w./-]+)`", text)
    missing += [
        name
        for name in named
        if "<" not in name and not (ROOT / name.rstrip("/")).exists() and not list(ROOT.glob(name))
    ]
    assert [name for name in missing if not _is_example(name)] == []


def _is_example(name: str) -> bool:
    return ("contract-tests" in name and not name.endswith(".md")) or name.startswith("../test-management/")


def test_records_of_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_requirements_are_locked_and_name_no_registry() -> None:
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-postgresql.txt",
        "requirements-reloaded.txt",
        "package-lock.json",
    ):
        assert not re.search(r"https?://(?!.*(?:opencollective|github\.com/sponsors))", read(name)), name
    packages = re.findall(r"^[\w.-]+==.*?(?=^\S|\Z)", read("requirements.txt"), re.MULTILINE | re.DOTALL)
    assert packages
    assert [package.split("==")[0] for package in packages if "--hash=sha256:" not in package] == []
