"""Did you mean: the query with the words that nothing has replaced by ones that were probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.search.index.asking import Evaluate, Question, allowed_to, count
from app.search.index.plan import Names
from app.search.index.ranking import RANKED
from app.search.index.sight import Sight, most_seen
from app.search.index.view import Mask, View
from app.search.query import Clause, Form, parse
from app.search.sounds import readings

MAX_TRIES = 3
CANDIDATES = 3


def correct(view: View, question: Question, evaluate: Evaluate) -> str | None:
    """The corrected query, in the folded form: the first and so likeliest one that finds more for this very reader, None where none does. Words of documents that
    the reader may not see do not get in, and do not count: each proposal is tried out as this reader first.
    """
    allowed = allowed_to(Sight.of(view, question.audience), question, evaluate)
    parsed = question.parsed
    unknown = [clause for clause in parsed.clauses if _is_unknown(view, clause, allowed)]
    if not unknown:
        return None
    most = count(view, question, evaluate)
    for text in _proposals(view, parsed.text, unknown, allowed, question.names):
        if count(view, replace(question, parsed=parse(text)), evaluate) > most:
            return text
    return None


def _proposals(view: View, text: str, unknown: list[Clause], allowed: Mask, names: Names | None) -> Iterator[str]:
    """The query with all unknown words replaced by their first candidates, then by their second."""
    whole = _by_ear(text, names)
    if whole:
        yield whole
    options = [
        most_seen(view, allowed, "word", view.words_near(text[clause.start : clause.end]), CANDIDATES)
        for clause in unknown
    ]
    for attempt in range(MAX_TRIES):
        if any(len(option) > attempt for option in options):
            proposal = text
            for clause, option in sorted(zip(unknown, options, strict=True), key=lambda pair: -pair[0].start):
                if option:
                    proposal = proposal[: clause.start] + option[min(attempt, len(option) - 1)] + proposal[clause.end :]
            yield proposal


def _by_ear(text: str, names: Names | None) -> str | None:
    """The name of the glossary that sounds like the whole query: 持续继承 is 持续集成."""
    if names is None or text.isascii():
        return None
    heard = set(readings(text))
    same = (name for name in names.han_variants if len(name) == len(text) and name != text)
    return next((name for name in same if not heard.isdisjoint(readings(name))), None)


def _is_unknown(view: View, clause: Clause, allowed: Mask) -> bool:
    return clause.form is Form.WORD and not allowed[view.postings(RANKED, clause.terms[0]).ids].any()
