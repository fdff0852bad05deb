"""`python -m tests.bench.search.memory ENGINE FOLDER QUESTIONS` opens an index in a process that has done nothing else,
asks everything once, and prints how much more memory it has then: private to the process, and of that not from a file.
"""

from __future__ import annotations

import gc
import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from app.search.sources import Document
from tests.bench.search.asked import Asked, Engine, Questions
from tests.bench.search.engines import ENGINES

ROLLUP = Path("/proc/self/smaps_rollup")
LITTLE = [Document("practice", "1", "Deployment", "部署流水线", "Pipelines.", languages=["en"], levels=[1])]


def memory_of(engine: Engine, questions: Questions) -> tuple[float, float] | None:
    """(private MB, of that not from a file) of one worker for the index; None where that cannot be told."""
    if not (engine.is_here and ROLLUP.exists()):
        return None
    name = next(name for name, kind in ENGINES.items() if isinstance(engine, kind))
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        file.write(pickle.dumps(questions))
        file.flush()
        command = [sys.executable, "-m", "tests.bench.search.memory", name, str(engine.folder), file.name]
        private, own = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return private, own


def _used() -> tuple[float, float]:
    gc.collect()
    lines = (line.split() for line in ROLLUP.read_text(encoding="ascii").splitlines()[1:])
    kilobytes = {parts[0]: int(parts[1]) for parts in lines}
    private = kilobytes["Private_Clean:"] + kilobytes["Private_Dirty:"]
    return private / 1024, kilobytes["Anonymous:"] / 1024


def main(name: str, folder: str, path: str) -> None:
    questions: Questions = pickle.loads(Path(path).read_bytes())
    with tempfile.TemporaryDirectory() as little:
        # Dictionaries and code that come with the first search are there in any case, whatever the size of the index.
        warm = ENGINES[name](Path(little))
        warm.build(LITTLE)
        warm.open()
        warm.page(Asked(("deployment", "部署")))
        warm.close()
    before = _used()
    engine = ENGINES[name](Path(folder))
    engine.open()
    for of_class in questions.pages.values():
        for asked in of_class:
            engine.page(asked)
    for typed in questions.typed:
        engine.suggest(typed)
    for wrong, _right in questions.mistaken[:5]:
        engine.correct(wrong)
    after = _used()
    print(json.dumps([now - then for now, then in zip(after, before, strict=True)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
