"""Column types and small value types that every feature uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.types import TypeDecorator

LANGUAGES = ("en", "zh")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. Refuses naive values: SQLite would hand them back as if they were UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class Localized:
    """One text in each language it was written in."""

    texts: Mapping[str, str]

    def in_(self, language: str) -> str:
        """The text in `language`, else in the first language that has one; empty where there is none."""
        return self.texts.get(language) or next((self.texts[code] for code in LANGUAGES if self.texts.get(code)), "")


class LocalizedText(TypeDecorator[Localized]):
    """A `Localized` in one JSON column."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Localized | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else dict(value.texts)

    def process_result_value(self, value: Any, dialect: Dialect) -> Localized | None:  # noqa: ARG002
        return None if value is None else Localized(value)
