"""How fast texts are rendered, beside plain Markdown with the same extensions. `python -m tests.bench.rendering` prints this table alone.

Plain Markdown gives HTML that is not safe, and no plain text. The product also sanitises it, finds its plain text, its headings and
what its names stand for. Both take turns on the same texts; the quickest of several rounds counts, in time of the processor.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

from app.kernel.markup import MAX_SOURCE_LENGTH, markdown_for, render
from app.kernel.references import Reference
from tests.bench.tables import Results

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
RENDERING = "rendering"
COLUMNS = ("texts", "KB", "plain ms/KB", "product ms/KB", "with names", "ratio", "ratio, names")
ROUNDS = 5
GENERATED = 100_000


class _Names:
    """Everybody and everything exists."""

    lost_note = ""

    def link(self, name: str) -> Reference:
        return Reference(f"/practices/{name}", name)

    def person(self, handle: str) -> Reference:
        return Reference(f"/coaches/{handle}", handle)


def measure_rendering(results: Results) -> None:
    results.begin(RENDERING, COLUMNS, "ratio: speed of the product, of that of plain Markdown with the same extensions")
    starter = _read(ROOT / "content")
    corpora = {"starter library": starter, "one text of 100 KB": ["\n\n".join(starter)[:GENERATED]]}
    if CORPUS.is_dir():
        corpora["corpus"] = _read(CORPUS)
    for name, texts in corpora.items():
        results.add(RENDERING, {"row": name, **_figures(texts)})


def _figures(texts: Sequence[str]) -> dict[str, float]:
    plain = _stock()
    # A text as people write it: a name here and there.
    named = [text + "\n\nSee [[trunk]] and [[tests|the tests]], or ask @lin-yue.\n" for text in texts]
    sides: dict[str, tuple[Callable[[str], object], Sequence[str]]] = {
        "plain": (lambda text: plain.reset().convert(text), texts),
        "product": (render, texts),
        "names": (lambda text: render(text, names=_Names()), named),
    }
    best = dict.fromkeys(sides, float("inf"))
    for _round in range(ROUNDS):
        for name, (work, given) in sides.items():
            began = time.process_time()
            for text in given:
                work(text)
            best[name] = min(best[name], time.process_time() - began)
    size = sum(len(text.encode()) for text in texts) / 1000
    return {
        "KB": round(size),
        "plain ms/KB": best["plain"] / size * 1000,
        "product ms/KB": best["product"] / size * 1000,
        "with names": best["names"] / size * 1000,
        "ratio": best["plain"] / best["product"],
        "ratio, names": best["plain"] / best["names"],
    }


def _stock() -> Markdown:
    """The same extensions, with the inline step that Markdown comes with."""
    markdown = markdown_for()
    markdown.treeprocessors.register(InlineProcessor(markdown), "inline", 20)
    return markdown


def _read(folder: Path) -> list[str]:
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.md")))
    return [text for text in texts if 0 < len(text) <= MAX_SOURCE_LENGTH]


if __name__ == "__main__":
    measure_rendering(Results())
