"""Everything that is measured of one engine on one corpus."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from tests.bench.search import corpus
from tests.bench.search.asked import Asked, Engine, Page, Questions
from tests.bench.search.memory import memory_of

T = TypeVar("T")
# Measurements of each class; an engine for which that takes longer than the budget is measured less, but so often.
TIMES, TIMES_LARGE, LARGE, LEAST = 200, 50, 50_000, 5
UPDATES, UPDATES_LARGE = 50, 20
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))


@dataclass(frozen=True)
class Times:
    """In milliseconds; `count` is how often it was measured."""

    p50: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        ordered = sorted(seconds)
        p50, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 for part in (0.5, 0.95))
        return cls(p50, p95, len(ordered))


@dataclass(frozen=True)
class Figures:
    """Of one engine. `pages` are (mean number of hits, warm, cold) for each class; what it cannot do is None."""

    engine: str
    pages: dict[str, tuple[float, Times, Times]]
    suggested: Times | None
    corrected: Times | None
    right: str
    built: float
    is_kept: bool
    size: int
    memory: tuple[float, float] | None
    updated: Times


def measure(kind: type[Engine], path: Path, size: int, questions: Questions) -> Figures:
    """Build, ask, update."""
    large = size >= LARGE
    times = TIMES_LARGE if large else TIMES
    with _built(kind, path) as (engine, built, is_kept):
        engine.open()
        _tell(kind, "pages")
        pages = {name: _pages(engine, of_class, times) for name, of_class in questions.pages.items()}
        _tell(kind, "suggestions")
        can_suggest = engine.suggest(questions.typed[0]) is not None
        suggested = _repeat(questions.typed, engine.suggest, times) if can_suggest else None
        guesses = [(engine.correct(wrong), right) for wrong, right in questions.mistaken[:LEAST]]
        can_correct = any(guess for guess, _right in guesses)
        corrected = _repeat([wrong for wrong, _ in questions.mistaken], engine.correct, times) if can_correct else None
        right = _right(engine, questions) if can_correct else ""
        engine.close()
        _tell(kind, "memory")
        memory = memory_of(engine, questions)
        on_disk = engine.size()
        _tell(kind, "updates")
        updated = _updates(kind, engine, path, UPDATES_LARGE if large else UPDATES)
    return Figures(kind.name, pages, suggested, corrected, right, built, is_kept, on_disk, memory, updated)


@contextmanager
def _built(kind: type[Engine], path: Path) -> Iterator[tuple[Engine, float, bool]]:
    """The engine with everything in it, how many seconds that took, and whether that was in an earlier run."""
    _tell(kind, "building")
    if not kind.is_kept:
        with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as folder:
            engine = kind(Path(folder))
            try:
                yield engine, _time(lambda: engine.build(corpus.read(path))), False
            finally:
                engine.drop()
        return
    code = hashlib.sha256(Path(inspect.getfile(kind)).read_bytes()).hexdigest()[:8]
    kept = path.with_name(f"{path.stem}-{kind.__name__}-{code}")
    note = kept / "built.json"
    is_kept = note.exists()
    if not is_kept:
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        seconds = _time(lambda: kind(kept).build(corpus.read(path)))
        note.write_text(json.dumps(seconds), encoding="ascii")
    yield kind(kept), json.loads(note.read_text(encoding="ascii")), is_kept


def _pages(engine: Engine, of_class: Sequence[Asked], times: int) -> tuple[float, Times, Times]:
    totals = {}

    def warm(asked: Asked) -> float:
        if asked.words not in totals:
            totals[asked.words] = engine.page(asked).total
        return _time(lambda: engine.page(asked))

    def cold(asked: Asked) -> float:
        engine.forget()
        return _time(lambda: engine.page(asked))

    measured = (Times.of(_as_often(of_class, one, times)) for one in (warm, cold))
    warm_times, cold_times = measured
    return fmean(totals.values()), warm_times, cold_times


def _repeat(asked: Sequence[str], answer: Callable[[str], Any], times: int) -> Times:
    return Times.of(_as_often(asked, lambda one: _time(lambda: answer(one)), times))


def _as_often(asked: Sequence[T], one: Callable[[T], float], times: int) -> list[float]:
    """Measure `times` times, round after round, as long as the budget lasts."""
    end = time.perf_counter() + SECONDS
    measured: list[float] = []
    for each in islice(cycle(asked), max(times, LEAST)):
        measured.append(one(each))
        if time.perf_counter() > end and len(measured) >= LEAST:
            break
    return measured


def _right(engine: Engine, questions: Questions) -> str:
    """How many mistakes are seen through. Who corrects to a stem is right, too, if it is one of the word."""
    end = time.perf_counter() + SECONDS
    tried = right = 0
    for wrong, meant in questions.mistaken:
        guess = engine.correct(wrong)
        tried += 1
        right += guess == meant
        if time.perf_counter() > end:
            break
    return f"{right} of {tried}"


def _updates(kind: type[Engine], engine: Engine, path: Path, times: int) -> Times:
    """From the call until a search finds the change. On a copy, where the index is kept."""
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as folder:
        if kind.is_kept:
            copy = Path(folder) / "copy"
            shutil.copytree(engine.folder, copy)
            engine = kind(copy)
        engine.open()
        measured = []
        end = time.perf_counter() + 2 * SECONDS
        for number, document in enumerate(corpus.read(path, times)):
            word = f"zqchanged{chr(97 + number // 26)}{chr(97 + number % 26)}"
            public = replace(document, title=f"{word} {document.title}", audience=frozenset({"public"}))

            def change(public: Any = public, word: str = word) -> Page:
                engine.update(public)
                return engine.page(Asked((word,)))

            began = time.perf_counter()
            found = change()
            measured.append(time.perf_counter() - began)
            if public.id not in found.ids:
                raise AssertionError(f"{kind.name} does not find what was changed: {word}")
            engine.rest()
            if time.perf_counter() > end and len(measured) >= LEAST:
                break
        engine.close()
    return Times.of(measured)


def _time(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _tell(kind: type[Engine], what: str) -> None:
    print(f"  {kind.name}: {what}", file=sys.stderr, flush=True)
