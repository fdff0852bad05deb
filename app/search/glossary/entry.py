"""One entry of the glossary, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass

# How keys begin: those of the file's entries, and of the site's own.
OF_FILE = "file:"
OF_SITE = "site:"
MAX_NAME = 60
MAX_NAMES = 12


@dataclass(frozen=True)
class Entry:
    """Names of one thing in two languages, the usual one first. `version` is 0 for an entry as the file has it."""

    key: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    active: bool = True
    note: str = ""
    version: int = 0

    @property
    def is_of_file(self) -> bool:
        return self.key.startswith(OF_FILE)

    @property
    def title(self) -> str:
        return f"{self.en[0]} = {self.zh[0]}"

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.en, *self.zh)
