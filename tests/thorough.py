"""How many examples hypothesis tries: all of them where all tests run, few where somebody waits for the answer
(`make test-fast`, which names the profile "quick").
"""

from __future__ import annotations

from hypothesis import settings

QUICK = "quick"


def examples(number: int, *, quick: int = 0) -> int:
    """`number` of them; of these, in the quick run, `quick` or else a tenth."""
    if settings.get_current_profile_name() != QUICK:
        return number
    return quick or max(10, number // 10)
