"""What authors are asked about the pictures of a text."""

from __future__ import annotations

import re

from app.kernel.references import without_code

_MARKDOWN = re.compile(r"!\[\s*\](?:\(\s*<?([^\s)>]*)|\[([^\]\n]*)\])")
_HTML = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(alt|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


def pictures_without_text(source: str) -> list[str]:
    """The addresses of pictures in a Markdown text that say nothing to whoever does not see them, in their order."""
    prose = without_code(source)
    found = [(match.start(), match[1] or match[2] or "") for match in _MARKDOWN.finditer(prose)]
    for match in _HTML.finditer(prose):
        values = {name.lower(): (a or b or c) for name, a, b, c in _ATTRIBUTE.findall(match[1])}
        if not values.get("alt", "").strip():
            found.append((match.start(), values.get("src", "")))
    return [address for _place, address in sorted(found)]
