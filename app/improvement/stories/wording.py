"""The first draft of a story, made of what is known, in the language of the page. The team tells the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.case_studies.rules import MAX_METRICS, MAX_SUMMARY, MAX_TITLE, MetricValues, Story
from app.improvement.stories.facts import Facts
from app.improvement.stories.measured import Change, rose
from app.improvement.stories.queries import Help
from app.kernel.types import Localized
from app.maturity.models import Snapshot
from app.maturity.scoring import shown
from app.practices.adoption.rules import STAGE_NAMES, Stage
from app.web.i18n import language

_MARKED = str.maketrans({"|": "/", "\n": " ", "[": "(", "]": ")"})


def first_draft(facts: Facts) -> Story:
    """Inside the language that it is written in."""
    best = next(iter(rose(facts.changes)), None)
    return Story(
        title=_cut(_title(facts, best), MAX_TITLE),
        language=language(),
        team=facts.team.slug,
        summary=_cut(_summary(facts), MAX_SUMMARY),
        capability=best.slug if best and facts.is_main else "",
        parts={
            "context": _context(facts),
            "challenge": _challenge(facts),
            "approach": _approach(facts),
            "results": _results(facts),
            "lessons": _paragraphs(facts.learned),
            "next_steps": _next_steps(facts),
        },
        metrics=_metrics(facts),
        practices=[adoption.practice_slug for adoption, _title_of in facts.adopted],
        coaches=[coach.key for coach in facts.coaches],
        sessions=[session.slug for session in facts.sessions],
    )


def _title(facts: Facts, best: Change | None) -> str:
    if best is None:
        return _("%(team)s: what we changed, and what we learned", team=facts.team.name)
    return _(
        "%(team)s: from level %(before)s to level %(after)s in %(capability)s",
        team=facts.team.name,
        before=best.before,
        after=best.after,
        capability=_said(best.name),
    )


def _summary(facts: Facts) -> str:
    risen = len(rose(facts.changes))
    said = ngettext(
        "From %(before)s to %(after)s, %(num)s capability of %(framework)s rose.",
        "From %(before)s to %(after)s, %(num)s capabilities of %(framework)s rose.",
        risen,
        before=_month(facts.stretch.first),
        after=_month(facts.stretch.last),
        framework=_said(facts.framework),
    )
    return " ".join(text for text in (said, _score_sentence(facts)) if text)


def _score_sentence(facts: Facts) -> str:
    before, after = shown(facts.before.score), shown(facts.after.score)
    if before is None or after is None:
        return ""
    return _("The score over everything went from %(before)s to %(after)s.", before=before, after=after)


def _context(facts: Facts) -> str:
    found = _(
        "In %(month)s an assessment against %(framework)s showed where the team stood.",
        month=_month(facts.stretch.first),
        framework=_said(facts.framework),
    )
    if facts.before.score is not None:
        found += " " + _("Its score was %(score)s on a scale from 1 to 5.", score=shown(facts.before.score))
    return _paragraphs([facts.team.about.strip(), found])


def _challenge(facts: Facts) -> str:
    if not facts.lowest:
        return ""
    lines = []
    for low in facts.lowest:
        line = f"**{_said(low.name)}**: " + _("level %(level)s", level=low.level)
        lines.append(f"{line}. {_said(low.statement)}" if low.statement else line)
    return _paragraphs([_("This stood lowest at the beginning:"), _list(lines)])


def _approach(facts: Facts) -> str:
    blocks = []
    if facts.adopted:
        # The title stands in the text, so that it reads well wherever the link leads one day.
        adopted = [
            _(
                "[[%(slug)s|%(title)s]] since %(month)s: %(stage)s",
                slug=adoption.practice_slug,
                title=title.translate(_MARKED),
                month=_month(adoption.since),
                stage=str(STAGE_NAMES[Stage(adoption.stage)]),
            )
            for adoption, title in facts.adopted
        ]
        blocks += [_("The team took up these practices:"), _list(adopted)]
    if facts.done:
        blocks += [_("Of its plan it did:"), _list(item.what.translate(_MARKED) for item in facts.done)]
    blocks += [_helped(each) for each in facts.help]
    if facts.sessions:
        titles = [session.title.translate(_MARKED) for session in facts.sessions]
        blocks += [_("Several people of the team went to these sessions:"), _list(titles)]
    return _paragraphs(blocks)


def _helped(each: Help) -> str:
    began = _month(each.began_on)
    if each.ended_on is None:
        return _("%(coach)s has been coaching the team since %(began)s.", coach=each.coach, began=began)
    ended = _month(each.ended_on)
    return _("%(coach)s coached the team from %(began)s to %(ended)s.", coach=each.coach, began=began, ended=ended)


def _results(facts: Facts) -> str:
    if not facts.changed:
        return _("Between the two assessments no level changed.")
    head = [_("Capability"), _month(facts.stretch.first), _month(facts.stretch.last)]
    rows = [[_said(each.name), str(each.before), str(each.after)] for each in facts.changed]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---", "--:", "--:"], *rows))
    return _paragraphs([_("The levels that changed:"), table, _score_sentence(facts)])


def _next_steps(facts: Facts) -> str:
    still = [each for each in facts.changes if each.is_open]
    if not still:
        return ""
    lines = [
        _(
            "%(capability)s is at level %(level)s; the target is %(target)s.",
            capability=_said(each.name),
            level=each.after,
            target=each.target,
        )
        for each in still
    ]
    return _paragraphs([_("Still open:"), _list(lines)])


def _metrics(facts: Facts) -> list[MetricValues]:
    """The score first, then the numbers of the team. Where a number does not say its source, the assessment is one."""
    source = _assessment(facts.after)
    given = [metric if metric.source else replace(metric, source=source) for metric in facts.metrics]
    before, after = shown(facts.before.score), shown(facts.after.score)
    if before is None or after is None:
        return given[:MAX_METRICS]
    score = MetricValues(
        name=_cut(_("Maturity score, %(framework)s", framework=_said(facts.framework)), 80),
        before=float(before),
        after=float(after),
        unit=_("of 5"),
        better="higher",
        window=_month(facts.stretch.last),
        source=source,
        window_before=_month(facts.stretch.first),
    )
    return [score, *given][:MAX_METRICS]


def _assessment(snapshot: Snapshot) -> str:
    if snapshot.verifier is None:
        return _cut(_("Assessment “%(title)s”", title=snapshot.title), 200)
    said = _("Assessment “%(title)s”, verified by %(coach)s", title=snapshot.title, coach=snapshot.verifier.name)
    return _cut(said, 200)


def _said(text: Localized) -> str:
    return text.in_(language()).translate(_MARKED)


def _month(day: date) -> str:
    """`March 2026`, `2026年3月`."""
    return format_date(day, "y年M月" if language() == "zh" else "MMMM y", locale=get_locale())


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _paragraphs(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
