"""What the form says to whoever writes: what belongs into each part, how it may begin, what is often measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Guide:
    """What helps to write a part: what belongs there, and how it may begin."""

    hint: LazyString
    example: LazyString


GUIDES: Mapping[str, Guide] = {
    "context": Guide(
        _l("Who you are and what you run: the product, the team, the systems, how you worked before."),
        _l("Twelve people run the payment gateway: nine services, one release every six weeks, at night."),
    ),
    "challenge": Guide(
        _l("What was wrong, how you noticed, and why it could not stay so. What you had tried before."),
        _l("Every third release was rolled back. Two of us spent the week after each one on merging."),
    ),
    "approach": Guide(
        _l("What you did, in which order, with whom, and what you decided against. Enough for another team to begin."),
        _l("First we cut the long branches. Then we put the build into the repository, one service after the other."),
    ),
    "results": Guide(
        _l("What changed, and how you know. Say what you did not measure; leave out numbers that nobody took."),
        _l("Releases are weekly and by day. Whether customers notice fewer failures we did not measure."),
    ),
    "lessons": Guide(
        _l("What you would do again, what you would not, what surprised you, what it cost."),
        _l("We would begin with the tests. Half of the time went into data that nobody had described."),
    ),
    "next_steps": Guide(
        _l("What is still open, what you do next, and where you need help."),
        _l("Next: contract tests with the ledger team. We look for a team that has done this."),
    ),
}
# What an interview may begin with, in the language in which it is led.
INTERVIEW_QUESTIONS: Mapping[str, Sequence[str]] = {
    "en": (
        "Who are you, and what do you run?",
        "What was wrong before, and how did you notice?",
        "What did you do first, and what did you decide against?",
        "What changed, and how do you know?",
        "What would you do differently today?",
        "What comes next, and where do you need help?",
    ),
    "zh": (
        "请介绍一下你们的团队，以及你们负责的系统。",
        "之前的问题是什么？你们是怎么发现的？",
        "你们先做了什么？又放弃了哪些做法？",
        "发生了哪些变化？你们怎么知道的？",
        "如果今天重来，你们会怎么做？",
        "下一步是什么？哪里需要帮助？",
    ),
}
