"""Whether a row of digits is what it looks like. Each check is the one of its standard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

# GB 11643-1999: the weights of the first seventeen digits, and the last sign by the remainder of their sum by eleven.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_LAST = "10X98765432"
# GB/T 2260: the first digit is the region, the second the province in it.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)
# Lengths by the digits that a card of that network begins with (ISO/IEC 7812, as the networks publish them).
_CARDS: Mapping[str, frozenset[int]] = {
    "4": frozenset({13, 16, 19}),
    **{str(number): frozenset({16}) for number in range(51, 56)},
    **{str(number): frozenset({16}) for number in range(2221, 2721)},
    "34": frozenset({15}),
    "37": frozenset({15}),
    "36": frozenset({14}),
    "35": frozenset({16}),
    "6011": frozenset({16}),
    "65": frozenset({16}),
    "62": frozenset({16, 17, 18, 19}),
}
# What payment companies print in their manuals.
_EXAMPLE_CARDS = frozenset(
    "4111111111111111 4242424242424242 4012888888881881 5555555555554444 5105105105105100 378282246310005 "
    "371449635398431 6011111111111117 3530111333300000 30569309025904 4000056655665556 2223003122003222".split()
)
# ISO 13616: lengths of IBANs by country, where somebody is likely to write one.
_IBANS: Mapping[str, int] = {
    each[:2]: int(each[2:])
    for each in (
        "AD24 AE23 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 "
        "GR27 HR21 HU28 IE22 IL23 IS26 IT27 KW30 KZ20 LI21 LT20 LU20 LV21 MC27 MT31 "
        "NL18 NO15 PL28 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 TR26 UA29"
    ).split()
}


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for number, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + number % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """A number that a bank card can have, and none of those that manuals show."""
    lengths = next((lengths for start, lengths in _CARDS.items() if digits.startswith(start)), frozenset[int]())
    return len(digits) in lengths and len(set(digits)) > 2 and luhn(digits) and digits not in _EXAMPLE_CARDS


def is_identity(text: str) -> bool:
    """A number of a Chinese resident's identity card: eighteen signs with province, date of birth and check sign."""
    if text[:2] not in _PROVINCES:
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return text[17].upper() == _ID_LAST[total % 11]


def is_iban(text: str) -> bool:
    """ISO 13616-1: the length of its country, and the remainder by 97 is one."""
    if _IBANS.get(text[:2]) != len(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1
