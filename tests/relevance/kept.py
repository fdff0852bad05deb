"""Results that take seconds to make and are the same until something they are made of changes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def kept(made_of: object, make: Callable[[], T]) -> T:
    """What `make` returns, which has to be JSON; out of a temporary file where it was made of the same before."""
    key = hashlib.sha256(repr(made_of).encode()).hexdigest()[:20]
    path = Path(tempfile.gettempdir()) / f"guildhall-judged-{key}.json"
    try:
        found: T = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = make()
        # Written beside and put in place at once: tests run in several processes.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False)
        Path(file.name).replace(path)
    return found
