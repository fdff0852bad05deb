"""Other people's Markdown, made ready for ours: includes and templating taken out, headings moved under the title.

Code is left as it is. What was taken out is told, so that somebody can look at it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from app.kernel.headings import heading_words

# A fence of backticks has none behind it; a line of ```code``` is a code span.
_FENCE = re.compile(r"^\s*(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).){1,4000}?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_HELD = re.compile("\x00([0-9]+)\x00")
_TITLE = re.compile(r"^#\s+(?P<title>\S.*)$")
_UNDERLINED = re.compile(r"^(?![ \t]*$|[-*+>#|])([^\n]+)\n=+[ \t]*$", re.MULTILINE)
_REFERENCE = re.compile(r"\{{2,3}[<%]\s*(?:rel)?ref\s+\"?(?P<target>[^\s\"<>%]+)\"?\s*[%>]\}{2,3}")
_MODULE = re.compile(r"^(?:import|export)\b[^\n]*(?:\n[^\n]+)*", re.MULTILINE)
_IMPORT = re.compile(r"^(?:import|export)\s(?=[^\n]*(?:from\s|=))[^\n]*[;'\"][ \t]*$", re.MULTILINE)
_LINE_END, _PARAGRAPH_END = re.compile(r"\n"), re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class _Between:
    """Everything from one mark to the next that closes it, as long as nothing of `within` comes first.

    Where nothing closes a mark, nothing closes those behind it either: each text is looked through once, however many there are.
    """

    opening: re.Pattern[str]
    closing: re.Pattern[str]
    within: re.Pattern[str] | None = None

    def subn(self, text: str) -> tuple[str, int]:
        """The text without it, and how many there were."""
        kept: list[str] = []
        place, count = 0, 0
        while match := self.opening.search(text, place):
            stop = self.within.search(text, match.end()) if self.within else None
            end = stop.start() if stop else len(text)
            closed = self.closing.search(text, match.end(), end)
            kept.append(text[place : match.start() if closed else end])
            place = closed.end() if closed else end
            count += closed is not None
        return "".join([*kept, text[place:]]), count


def _between(opening: str, closing: str, within: re.Pattern[str] | None = None) -> _Between:
    return _Between(re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE), within)


_REMOVED: tuple[tuple[str, re.Pattern[str] | _Between], ...] = (
    ("include", re.compile(r"^[ \t]*-+8<-+.*$|^[ \t]*[!@]include\b.*$|^<<<\s.*$", re.MULTILINE)),
    ("include", _between(r"\{!(?=.)", r"(?<=.)!\}", _LINE_END)),
    ("include", _between(r"\{\{\s*#?include\b", r"\}\}", _LINE_END)),
    ("include", _between(r"\{%-?\s*include\b", r"%\}", _LINE_END)),
    ("shortcode", _between(r"\{{2,3}[<%]", r"[%>]\}{2,3}")),
    ("template tag", _between(r"\{%", r"%\}")),
    ("comment", _between(r"\{/\*", r"\*/\}")),
    ("comment", _between(r"\{#\s", r"\s#\}")),
    ("comment", _between(r"<!--", r"-->")),
    ("template variable", _between(r"\{\{", r"\}\}", _PARAGRAPH_END)),
    ("attribute list", re.compile(r"(?<![ \t])[ \t]*\{:?[ \t]*[#.:][A-Za-z][^{}\n]*\}|\{:[^{}\n]*\}")),
    ("container mark", re.compile(r"^[ \t]*:{3,}.*$", re.MULTILINE)),
    (
        "wrapper element",
        re.compile(
            r"^[ \t]*</?(?:section|div|aside|article|main|header|footer|center|figure)\b[^<>]*>[ \t]*$",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    ("script or style", _between(r"<script\b", r"</script\s*>\n?")),
    ("script or style", _between(r"<style\b", r"</style\s*>\n?")),
    ("component", re.compile(r"</?[A-Z]\w*(?:\.\w+)*(?:\s[^<>]*)?/?>")),
)


@dataclass(frozen=True)
class Cleaned:
    """`title` is the first-level heading at the top, if there was one; it is no longer in `text`."""

    text: str
    title: str
    notes: tuple[str, ...]


def clean_source(text: str, *, is_mdx: bool = False) -> Cleaned:
    """`text` without what only its old home understood. In MDX a paragraph that begins with `import` is a program."""
    removed: Counter[str] = Counter()

    def clean(prose: str) -> str:
        prose = _REFERENCE.sub(lambda match: match["target"], prose)
        for what, pattern in (("import", _MODULE if is_mdx else _IMPORT), *_REMOVED):
            prose, count = pattern.subn(prose) if isinstance(pattern, _Between) else pattern.subn("", prose)
            removed[what] += count
        return _UNDERLINED.sub(r"# \1", prose)

    title, text = _take_title(outside_code(text, clean).strip("\n") + "\n")
    notes = tuple(f"{count} × {what} taken out" for what, count in sorted(removed.items()) if count)
    return Cleaned(_move_headings_down(text), title, notes)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """`text` with `change` made to everything but code blocks and code spans."""
    return "".join(piece if is_code else _outside_spans(piece, change) for is_code, piece in _split_code(text))


def _outside_spans(text: str, change: Callable[[str], str]) -> str:
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\x00{len(held) - 1}\x00"

    changed = change(_SPAN.sub(hold, text.replace("\x00", "")))
    return _HELD.sub(lambda match: held[int(match[1])], changed)


def _split_code(text: str) -> list[tuple[bool, str]]:
    """(is a code block, text) in order; a fence that is never closed reaches to the end, as Markdown has it."""
    pieces: list[tuple[bool, str]] = []
    lines: list[str] = []
    fence = ""
    for line in re.split(r"(?<=\n)", text):
        match = _FENCE.match(line)
        if match and not fence:
            pieces.append((False, "".join(lines)))
            lines, fence = [line], match["fence"]
        elif match and fence and match["fence"].startswith(fence) and line.strip() == match["fence"]:
            pieces.append((True, "".join([*lines, line])))
            lines, fence = [], ""
        else:
            lines.append(line)
    pieces.append((bool(fence), "".join(lines)))
    return pieces


def _take_title(text: str) -> tuple[str, str]:
    """A first-level heading that stands before everything else is the title."""
    first, _, rest = text.partition("\n")
    match = _TITLE.match(first)
    return (heading_words(match["title"]), rest.lstrip("\n")) if match else ("", text)


def _move_headings_down(text: str) -> str:
    """Every heading one level lower where the text has first-level ones: the page's title is the only first-level one."""
    without_code = "".join(piece for is_code, piece in _split_code(text) if not is_code)
    if not re.search(r"^#\s", without_code, re.MULTILINE):
        return text
    return outside_code(text, lambda prose: re.sub(r"^(#{1,5})(?=\s)", r"\1#", prose, flags=re.MULTILINE))
