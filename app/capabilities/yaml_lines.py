"""YAML as plain values with the line of each, for errors that say where.

Nothing is constructed: what is no list, no mapping and not empty is the text as it was written, so that a version 2026.10 is not
taken for the number 2026.1, and whoever pastes something hostile gets texts. Aliases are refused: a few lines of them can stand
for gigabytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from flask_babel import gettext as _

from app.kernel.frontmatter import RefusedFileError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_STANDARD = "tag:yaml.org,2002:"

Path = tuple[str | int, ...]


@dataclass
class Placed:
    """What was read, the line of each of its places, counted from 1, and what was written twice."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    doubles: list[Path] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of that place, or of the nearest one around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem=_("aliases are not taken"), problem_mark=mark)
        if self.depth == MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=_("lists within lists, deeper than anything here needs"), problem_mark=mark
            )
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_placed(text: str) -> Placed:
    """The one document in `text`. Raises RefusedFileError for what is no YAML, and for what is too large to be a framework."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise RefusedFileError(_("larger than %(most)s MB", most=MAX_BYTES // 1_000_000))
    try:
        node = yaml.compose(text.removeprefix("\ufeff"), _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RefusedFileError(_("no YAML: %(reason)s", reason=error.problem), line) from None
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        # Beside its own errors PyYAML raises whatever Python says to an escape such as "\UFFFFFFFF".
        raise RefusedFileError(_("no YAML: %(reason)s", reason=str(error).splitlines()[0])) from None
    placed = Placed()
    if node is not None:
        placed.value = _plain(node, (), placed)
    return placed


def _plain(node: yaml.Node, path: Path, placed: Placed) -> Any:
    placed.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), placed) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, item in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                placed.doubles.append((*path, name))
            found[name] = _plain(item, (*path, name), placed)
            # Where the value begins on a later line than its name, the name is what one looks for.
            placed.lines[*path, name] = key.start_mark.line + 1
        return found
    return None if node.tag == f"{_STANDARD}null" else node.value
