"""As many documents as wanted, made of the sentences of those that are there: sentences of one topic stand together, as
in real texts, and a share of invented words makes the vocabulary grow with the number of documents, as real ones do.

Document number n is the same in a corpus of any size, and in every run.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from app.search.sources import MEMBER, PUBLIC, Document
from tests.relevance.documents import load_all

SEED = 7
KINDS = {"practice": 50, "training": 20, "case-study": 15, "coach": 10, "capability": 5}
AUDIENCES = {PUBLIC: 70, MEMBER: 20, "team": 10}
LEVELS = {1: 15, 2: 25, 3: 30, 4: 20, 5: 10}
TEAMS, COACHES, TAGS = 20, 200, 300
FIRST_DAY, DAYS = date(2022, 1, 1), 1780
# Every so many documents one is the translation of the one before it.
TRANSLATED = 5
# Numbers of invented words, and how often a sentence gets one.
INVENTED = {"en": 120_000, "zh": 60_000}
SHARE = {"en": 0.4, "zh": 0.3}
OWN_TOPIC = 0.7

_BETWEEN = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|(?<=[。！？；])|\n")
_HAN = re.compile("[一-鿿]")
_ONSETS = ["b", "c", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "cr", "st", "tr", "pl"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea"]


@dataclass
class Topic:
    """What is written about one thing, by language: runs of sentences as they follow each other, titles, tags."""

    area: str
    capabilities: list[str] = field(default_factory=list)
    texts: dict[str, list[list[str]]] = field(default_factory=lambda: {"en": [], "zh": []})
    titles: dict[str, list[str]] = field(default_factory=lambda: {"en": [], "zh": []})
    tags: dict[str, list[str]] = field(default_factory=lambda: {"en": [], "zh": []})


class Maker:
    """Makes documents out of the sentences of `documents`."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._topics = _topics(documents)
        characters = Counter(_HAN.findall("".join(document.body for document in documents)))
        self._han = [character for character, _count in characters.most_common(600)]

    def make(self, number: int) -> Document:
        """Document `number`."""
        of_pair = number - 1 if number % TRANSLATED == TRANSLATED - 1 else number
        facts, rng = Random(f"{SEED}-{of_pair}"), Random(f"{SEED}-{number}-text")
        topic = facts.choice(self._topics)
        first = "en" if facts.random() < 0.6 else "zh"
        language = first if of_pair == number else {"en": "zh", "zh": "en"}[first]
        count = max(2, min(40, int(rng.lognormvariate(2.1, 0.6))))
        body = [sentence for _ in range(count) for sentence in self._run(rng, topic, language)]
        mark = _pick(facts, AUDIENCES)
        invented = [self._word("en", int(TAGS ** facts.random())) for _ in range(facts.randint(0, 2))]
        own = topic.tags[language] or topic.tags["en"]
        return Document(
            kind=_pick(facts, KINDS),
            key=str(number),
            title=self._title(rng, topic, language),
            summary=body[0][:300],
            body="\n".join(body[1:]),
            tags=sorted({*rng.sample(own, min(len(own), rng.randint(1, 3))), *invented}),
            languages=[language],
            area=topic.area,
            capabilities=[facts.choice(topic.capabilities)] if topic.capabilities else [],
            levels=sorted({_pick(facts, LEVELS) for _ in range(facts.randint(1, 2))}),
            coaches=sorted({f"coach-{int(COACHES ** facts.random())}" for _ in range(facts.randint(0, 2))}),
            group=f"group-{of_pair}",
            day=FIRST_DAY + timedelta(facts.randrange(DAYS)),
            usefulness=min(9, int(facts.expovariate(0.5))),
            audience=frozenset({f"team:{facts.randrange(TEAMS)}" if mark == "team" else mark}),
        )

    def _run(self, rng: Random, topic: Topic, language: str) -> Iterator[str]:
        """One to three sentences that follow each other."""
        pool = topic.texts[language] if rng.random() < OWN_TOPIC else []
        while not pool:
            pool = rng.choice(self._topics).texts[language]
        sentences = rng.choice(pool)
        start = rng.randrange(len(sentences))
        for sentence in sentences[start : start + rng.randint(1, 3)]:
            yield self._with_invented(rng, sentence, language) if rng.random() < SHARE[language] else sentence

    def _with_invented(self, rng: Random, sentence: str, language: str) -> str:
        # Ranks by Zipf's law: the logarithm of the rank is even.
        word = self._word(language, int(INVENTED[language] ** rng.random()))
        if language == "zh":
            at = rng.randrange(len(sentence))
            return sentence[:at] + word + sentence[at:]
        words = sentence.split(" ")
        words[rng.randrange(len(words))] = word
        return " ".join(words)

    def _word(self, language: str, rank: int) -> str:
        """The invented word of a rank."""
        if language == "zh":
            size = len(self._han)
            place = rank * 7919 % (size * size)
            return self._han[place // size] + self._han[place % size]
        syllables, left = [], rank + len(_ONSETS) * len(_VOWELS)
        while left:
            left, digit = divmod(left, len(_ONSETS) * len(_VOWELS))
            syllables.append(_ONSETS[digit % len(_ONSETS)] + _VOWELS[digit // len(_ONSETS)])
        return "".join(syllables) + "n"

    def _title(self, rng: Random, topic: Topic, language: str) -> str:
        """The beginning of one title and the end of another; some have a name in it."""
        titles = topic.titles[language] or [title for other in self._topics for title in other.titles[language]]
        glue = " " if language == "en" else ""
        first, second = ([*title.split()] if glue else [*title] for title in (rng.choice(titles), rng.choice(titles)))
        name = [self._word(language, int(INVENTED[language] ** rng.random()))] if rng.random() < 0.3 else []
        return glue.join([*first[: (len(first) + 1) // 2], *name, *second[len(second) // 2 :]])


def corpus(size: int) -> Path:
    """The file with so many documents, a JSON object a line; made if it is not kept in BENCH_CACHE from before."""
    # Folders tell their files in any order.
    sources = sorted(load_all(), key=lambda each: (each.id, each.title))
    made_of = repr([(each.id, each.title, each.body, each.tags) for each in sources])
    state = hashlib.sha256((made_of + Path(__file__).read_text(encoding="utf-8")).encode()).hexdigest()[:12]
    path = cache_folder() / f"corpus-{state}-{size}.jsonl"
    if not path.exists():
        print(f"  making {size:,} documents", file=sys.stderr, flush=True)
        maker, unfinished = Maker(sources), path.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8") as file:
            for number in range(size):
                file.write(json.dumps(asdict(maker.make(number)), ensure_ascii=False, default=_plain) + "\n")
        unfinished.replace(path)
    return path


def cache_folder() -> Path:
    folder = Path(os.environ.get("BENCH_CACHE") or Path(tempfile.gettempdir()) / "guildhall-bench-search")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def read(path: Path, limit: int | None = None) -> Iterator[Document]:
    """The documents of a file, one at a time."""
    with path.open(encoding="utf-8") as file:
        for line in islice(file, limit):
            fields: dict[str, Any] = json.loads(line)
            fields["audience"] = frozenset(fields["audience"])
            fields["day"] = date.fromisoformat(fields["day"])
            yield Document(**fields)


def _plain(value: object) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _pick(rng: Random, weights: dict[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _topics(documents: Sequence[Document]) -> list[Topic]:
    topics: dict[str, Topic] = {}
    for document in documents:
        language = document.languages[0]
        pieces = (piece.strip() for piece in _BETWEEN.split(document.body))
        sentences = [piece for piece in pieces if _is_whole(piece, language)]
        name = document.area or "/".join(document.group.split("/")[:2])
        topic = topics.setdefault(name, Topic(document.area))
        topic.capabilities = sorted({*topic.capabilities, *document.capabilities})
        topic.titles[language].append(document.title)
        topic.tags[language] = sorted({*topic.tags[language], *document.tags})
        if len(sentences) > 2:
            topic.texts[language].append(sentences)
    return [topics[name] for name in sorted(topics)]


def _is_whole(sentence: str, language: str) -> bool:
    han = len(_HAN.findall(sentence))
    if language == "zh":
        return han >= 8 and math.isclose(han, len(sentence), rel_tol=0.65) and len(sentence) <= 300
    return not han and 30 <= len(sentence) <= 400 and sentence.count(" ") >= 4
