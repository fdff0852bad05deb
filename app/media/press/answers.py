"""What the press says, and how a program of it runs."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Bytes of address space, most of which a picture of the most pixels needs while it is turned; and seconds of processor.
MEMORY = 1_500_000_000
SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """`told` goes out as JSON, `data` are the bytes to keep."""

    told: dict[str, Any]
    data: bytes = b""


class RefusedError(Exception):
    """The file is not taken. `code` says why; the site has a sentence for each (`app.media.refusals`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def run(look: Callable[[bytes], Answer]) -> None:
    """Answer for the file on the input, with no more memory and time than one may need, and without writing any file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer = look(sys.stdin.buffer.read())
    except RefusedError as refusal:
        answer = Answer({"refused": refusal.code})
    sys.stdout.buffer.write(json.dumps(answer.told).encode() + b"\n" + answer.data)
