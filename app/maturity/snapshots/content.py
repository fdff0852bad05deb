"""What a snapshot keeps: one document, its fingerprint, and what is read from it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.types import Localized
from app.maturity.scoring import Mark


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON with its keys sorted, no white space, UTF-8: the same document is the same bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Area:
    """An area as it was when the snapshot was taken. `hue` is its colour, 1 to 7."""

    slug: str
    name: Localized
    weight: float
    score: float | None
    hue: int


def areas_of(content: Mapping[str, Any]) -> dict[str, Area]:
    """By slug, in the order of the framework."""
    return {
        area["slug"]: Area(area["slug"], Localized(area["name"]), area["weight"], area["score"], number % 7 + 1)
        for number, area in enumerate(content["areas"])
    }


def marks_of(content: Mapping[str, Any]) -> list[Mark]:
    """What the score was made of. The rows of the snapshot say the same."""
    weights = {area["slug"]: area["weight"] for area in content["areas"]}
    return [
        Mark(each["slug"], each["area"], each["weight"], weights[each["area"]], each["level"])
        for each in content["capabilities"]
    ]
