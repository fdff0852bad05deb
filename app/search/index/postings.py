"""Whoosh's posting lists as arrays. Whoosh itself walks them one posting at a time, in Python; that walk is nearly all
the time of a search.

A list is a row of blocks: four bytes with the length of the block (negative for the last one), a pickled head, then the
pickled columns (steps between document numbers, weights, values), compressed if the head says so. The form is that of
`whoosh.codec.whoosh3`, the same in Whoosh-Reloaded 2.7.5 and in whoosh3 3.54.
"""

from __future__ import annotations

import io
import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"W3Bl"
COMPRESSION = 3
# What the key and the objects around the numbers take of the memory.
OVERHEAD = 600

Ids = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of a segment that have a term, in order, each with its weight."""

    ids: Ids
    weights: Weights

    @property
    def nbytes(self) -> int:
        return self.ids.nbytes + self.weights.nbytes


NONE = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


def decode(raw: bytes) -> tuple[Postings, list[bytes]]:
    """A posting list and its values (none for fields without). Raises anything on bytes that are no posting list."""
    if raw[:4] != MAGIC:
        raise ValueError("not a posting list")
    steps: list[Ids] = []
    weights: list[Weights] = []
    values: list[bytes] = []
    at, is_last = 4, False
    while not is_last:
        length = int.from_bytes(raw[at : at + 4], "big", signed=True)
        is_last, length = length < 0, abs(length)
        at += 4
        ids, weight, value = _block(raw[at : at + length])
        steps.append(_numbers(ids).cumsum(dtype=np.int32))
        weights.append(_weights(weight, len(ids)))
        values.extend(value or ())
        at += length
    return Postings(np.concatenate(steps), np.concatenate(weights)), values


def _block(raw: bytes) -> tuple[tuple[int, ...], Any, Any]:
    stream = io.BytesIO(raw)
    head = pickle.Unpickler(stream).load()  # noqa: S301 (our own file)
    columns = raw[stream.tell() :]
    if head[COMPRESSION]:
        columns = zlib.decompress(columns)
    return pickle.loads(columns)  # noqa: S301


def _numbers(given: Any) -> npt.NDArray[Any]:
    """A row of bytes is what the writer of ours makes of small numbers; Whoosh takes it for a sequence of them, too."""
    return np.frombuffer(given, np.uint8) if isinstance(given, bytes) else np.array(given, np.int32)


def _weights(given: Any, count: int) -> Weights:
    if given is None:
        return np.ones(count, np.float32)
    return np.full(count, given, np.float32) if isinstance(given, float) else np.array(given, np.float32)


class Cache:
    """What was used last, up to so many bytes. Safe between threads: two may make the same thing, and one is kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = make()
        weight = size(made) + OVERHEAD
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (made, weight)
                self._used += weight
                while self._used > self._limit and len(self._kept) > 1:
                    _key, (_made, gone) = self._kept.popitem(last=False)
                    self._used -= gone
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._used = 0
