"""Which numbers over teams are not shown, so that nobody can tell from them where one team stands. No database, no Flask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

# Numbers over fewer teams than these are shown to nobody.
LEAST = 5

Key = TypeVar("Key")


def hide_small(groups: Mapping[Key, int], least: int = LEAST, *, already: Collection[Key] = ()) -> set[Key]:
    """The keys whose numbers are hidden, of groups that together make a total which is shown.

    A number below `least` is hidden, except for nothing: that there is no team in a group is no number over teams. What is hidden
    may not be had by subtraction from the total either. So where one group is hidden, or several that have fewer than `least` teams
    together, the next smallest is hidden, too, until that is no longer so (complementary cell suppression: Willenborg and de Waal,
    "Elements of Statistical Disclosure Control", 2001). Of a total below `least` everything is hidden. `already` are the keys that are
    hidden for another reason, whatever their size.
    """
    if sum(groups.values()) < least:
        return set(groups)
    by_size = sorted((key for key, count in groups.items() if count), key=lambda key: groups[key])
    hidden = [key for key in by_size if groups[key] < least or key in already]
    shown = [key for key in by_size if key not in hidden]
    while shown and 0 < sum(groups[each] for each in hidden) < least:
        hidden.append(shown.pop(0))
    return {*hidden, *already}


def does_tell(part: int, whole: int, least: int = LEAST) -> bool:
    """Whether `part` of the teams in `whole` may be shown beside it: neither it nor the rest is a number below `least`."""
    return all(count == 0 or count >= least for count in (part, whole - part))
