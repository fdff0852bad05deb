"""What a new practice can begin from. The parts of the standard form are in each; the hints in them go as one writes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.practices.content import blank
from app.practices.rules import PARTS
from app.writing.desk.bench import Start

_NAMES = {
    "how-to": (_l("How-to"), _l("Steps that a team can follow today, one after the other.")),
    "pattern": (_l("Pattern"), _l("A problem that comes back, what solves it, and what that costs.")),
    "checklist": (_l("Checklist"), _l("What to look at before something is done, and why each point is there.")),
    "decision": (_l("Decision"), _l("What was chosen among several ways, and when to choose otherwise.")),
}
# For each of them and each language, what may stand in the four parts.
_HINTS = {
    "how-to": {
        "en": (
            "One paragraph: what is done, and what one has afterwards.",
            "Which trouble it takes away. For whom, and how one notices the trouble.",
            "Before you begin, you need …\n\n1. First step\n2. Second step\n3. Third step\n\n### When it goes wrong\n\n- …",
            "How one sees that it works: a number, before and after, and over which time.",
        ),
        "zh": (
            "用一段话说明：做的是什么，做完之后会得到什么。",
            "它解决什么麻烦：谁会遇到，怎样察觉。",
            "开始之前需要……\n\n1. 第一步\n2. 第二步\n3. 第三步\n\n### 出问题时怎么办\n\n- ……",
            "怎样看出它有效：一个指标，前后各是多少，统计了多久。",
        ),
    },
    "pattern": {
        "en": (
            "The name of the pattern in one sentence.",
            "### The problem\n\n…\n\n### What pulls in different directions\n\n- …",
            "### The solution\n\n…\n\n### What it costs\n\n…\n\n### When not to use it\n\n…",
            "Where it was used, and what came of it.",
        ),
        "zh": (
            "用一句话说出这个模式。",
            "### 问题\n\n……\n\n### 相互牵制的因素\n\n- ……",
            "### 解法\n\n……\n\n### 代价\n\n……\n\n### 什么时候不该用\n\n……",
            "在哪里用过，结果如何。",
        ),
    },
    "checklist": {
        "en": (
            "What the list is for, and at which moment somebody goes through it.",
            "What happened when a point was forgotten.",
            "- [ ] First point: why it is there\n- [ ] Second point: why it is there\n- [ ] Third point: why it is there",
            "How often the list is used, and what it has caught.",
        ),
        "zh": (
            "这份清单用来做什么，在什么时候过一遍。",
            "漏掉其中一项时发生过什么。",
            "- [ ] 第一项：为什么要有\n- [ ] 第二项：为什么要有\n- [ ] 第三项：为什么要有",
            "这份清单多久用一次，拦下过什么问题。",
        ),
    },
    "decision": {
        "en": (
            "What was decided, in one sentence.",
            "### What it was about\n\n…\n\n### What counted\n\n- …",
            "| Way | For it | Against it |\n| --- | --- | --- |\n| A | … | … |\n| B | … | … |\n\n### When to decide otherwise\n\n…",
            "What is seen now that tells whether it was right, and when it is looked at again.",
        ),
        "zh": (
            "用一句话写明决定了什么。",
            "### 背景\n\n……\n\n### 看重什么\n\n- ……",
            "| 方案 | 优点 | 缺点 |\n| --- | --- | --- |\n| 甲 | …… | …… |\n| 乙 | …… | …… |\n\n### 什么情况下另作选择\n\n……",
            "现在凭什么判断它是否正确，什么时候再回头看。",
        ),
    },
}


def starts(language: str) -> tuple[Start, ...]:
    """What can be begun from, written in `language`."""
    return tuple(
        Start(key, name, text, {**blank(), "body": _body(key, language)}) for key, (name, text) in _NAMES.items()
    )


def _body(key: str, language: str) -> str:
    parts = zip(PARTS[language], _HINTS[key][language], strict=True)
    return "\n\n".join(f"## {heading}\n\n{hint}" for heading, hint in parts) + "\n"
