"""Case studies as a kind of text that is written here (`app.writing.kinds`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.case_studies.contents import story_of
from app.case_studies.files import to_markdown
from app.case_studies.links import resolve
from app.case_studies.pages import Shown, show_preview
from app.case_studies.queries import find_capability, find_published, find_team
from app.case_studies.rendering import compose, render_story
from app.case_studies.rules import CASE_STUDY, PART_NAMES, Form, Story, what_is_missing
from app.case_studies.service import NO_TEAM, publish_story, withdraw_story
from app.case_studies.telling import tell_of_case_study
from app.case_studies.wording import words_of
from app.config import Config
from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError
from app.kernel.markup import Rendered
from app.media.pictures import pictures_without_text
from app.writing.kinds import Face, Field
from app.writing.models import Manuscript

Content = Mapping[str, Any]


ANSWER_NAMES = {"question": _l("Question"), "answer": _l("Answer")}
COLUMN_NAMES = {
    "name": _l("Called"),
    "before": _l("Before"),
    "after": _l("After"),
    "unit": _l("Unit"),
    "before_unit": _l("Unit before, if another"),
    "better": _l("Better when"),
    "window": _l("Period"),
    "window_before": _l("Period before, if another"),
    "cases_before": _l("Cases before"),
    "cases_after": _l("Cases after"),
    "source": _l("Source"),
    "measure": _l("What was measured"),
    "remark": _l("Your answer"),
}


class CaseStudyKind:
    """Written by a team and by those whom it names; read by everybody once it is accepted."""

    name = CASE_STUDY
    label = _l("Case study")
    stylesheet = "pages/case-study.css"
    is_open = False

    def face(self, _session: Session, content: Content) -> Face:
        story = story_of(content)
        team, capability = find_team(story.team), find_capability(story.capability)
        if team is None:
            raise InvalidInputError(NO_TEAM, field="team")
        if story.capability and capability is None:
            raise InvalidInputError(_l("There is no such capability. Choose another one."), field="capability")
        return Face(title=story.title, team_id=team.id, capability_id=capability.id if capability else None)

    def fields(self, content: Content) -> Sequence[Field]:
        story = story_of(content)
        told = (
            [Field("questions", _l("Questions and answers"), list(content.get("questions", ())), columns=ANSWER_NAMES)]
            if story.form is Form.INTERVIEW
            else [Field(part, name, story.parts.get(part, ""), is_prose=True) for part, name in PART_NAMES.items()]
        )
        return [
            Field("title", _l("Title"), story.title),
            Field("summary", _l("Summary"), story.summary),
            Field("team", _l("Team"), story.team),
            Field("organisation", _l("Organisation"), story.organisation),
            Field("capability", _l("Capability"), story.capability),
            *told,
            Field(
                "metrics",
                _l("The numbers"),
                list(content.get("metrics", ())),
                columns=COLUMN_NAMES,
                # What the team answers to whoever reviews.
                inner=frozenset({"remark"}),
            ),
            Field("practices", _l("Practices used"), list(story.practices)),
            Field("coaches", _l("Coaches who helped"), list(story.coaches)),
            Field("sessions", _l("Training sessions that helped"), list(story.sessions)),
            Field("byline", _l("Byline"), story.byline),
        ]

    def words(self, content: Content) -> dict[str, Any]:
        return words_of(story_of(content))

    def missing(self, content: Content) -> Sequence[Any]:
        story = story_of(content)
        return [*what_is_missing(story), *_wordless(story)]

    def render(self, content: Content) -> Rendered:
        return render_story(story_of(content), resolve)

    def publish(
        self, session: Session, manuscript: Manuscript, content: Content, rendered: Rendered, *, now: datetime
    ) -> None:
        config: Config = current_app.config["GUILDHALL"]
        day = now.astimezone(zone(config.default_time_zone)).date()
        is_new = find_published(manuscript.slug, manuscript.language) is None
        case_study = publish_story(session, manuscript, story_of(content), rendered, on=day, now=now)
        if is_new:
            tell_of_case_study(session, case_study, actor=None, now=now)

    def withdraw(self, session: Session, manuscript: Manuscript) -> None:
        withdraw_story(session, manuscript)

    def freed(self, _manuscript: Manuscript, content: Content) -> Content:
        """Links to other files hold on the site, too."""
        return content

    def let_go(self, _session: Session, _manuscript: Manuscript) -> None:
        """The row goes on saying which file it came from, so that the file is known and left when the library is read."""

    def shown(self, manuscript: Manuscript, content: Content, rendered: Rendered) -> Shown:
        """What the page of it shows. Raises InvalidInputError where the team is not there."""
        story = story_of(content)
        team = find_team(story.team)
        if team is None:
            raise InvalidInputError(NO_TEAM, field="team")
        return show_preview(story, rendered, team, [author.user for author in manuscript.authors])

    def page(self, manuscript: Manuscript, content: Content, rendered: Rendered) -> Markup:
        shown = self.shown(manuscript, content, rendered)
        html = render_template("case_studies/_article.html", shown=shown, slug=None, others=(), sections=())
        return Markup(html)  # noqa: S704  # our own template

    def url(self, slug: str, language: str) -> str:
        return url_for("case_studies.show", slug=slug, lang=language)

    def edit_url(self, manuscript: Manuscript) -> str:
        return url_for("case_studies.edit", slug=manuscript.slug, lang=manuscript.language)

    def export(self, manuscript: Manuscript, content: Content) -> str:
        story, live = story_of(content), find_published(manuscript.slug, manuscript.language)
        return to_markdown(
            story,
            slug=manuscript.slug,
            translation_of=manuscript.translation_of,
            team=find_team(story.team),
            published_on=live.published_on if live else None,
        )


def _wordless(story: Story) -> list[Any]:
    """The pictures that say nothing to whoever does not see them."""
    return [
        _l("What the picture %(address)s shows, in words", address=address)
        for address in pictures_without_text(compose(story))
    ]


KIND = CaseStudyKind()
