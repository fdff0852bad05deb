"""The floors and rooms of the house, as import-linter's contracts in pyproject.toml state them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))
MAX_FILE = 350
MAX_FUNCTION = 50


def test_the_import_contracts_hold() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]


def test_nothing_is_imported_inside_a_function() -> None:
    deferred = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert deferred == []


def test_files_and_functions_keep_their_budget() -> None:
    long_files = [str(path.relative_to(ROOT)) for path in SOURCES if len(_lines(path)) > MAX_FILE]
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION
    ]
    assert (long_files, long_functions) == ([], [])


def test_the_package_root_is_never_imported_from() -> None:
    guilty = [str(path.relative_to(ROOT)) for path in SOURCES if "from app import" in path.read_text(encoding="utf-8")]
    assert guilty == []


def test_the_clock_is_read_in_one_place_below_the_views() -> None:
    """Services, queries, policies and rules get `now` passed in."""
    rooms = {"service", "queries", "policy", "rules", "models", "teams", "series", "handing_on"}
    guilty = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if (path.stem in rooms or (path.parent.name == "seats" and path.stem != "jobs"))
        and ("utc_now()" in path.read_text(encoding="utf-8") or "datetime.now" in path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def _tree(path: Path) -> ast.Module:
    return ast.parse("\n".join(_lines(path)))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
