"""A kind of text that is as plain as can be, for what holds of all kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.accounts.models import Team
from app.kernel.markup import Rendered, render
from app.writing.kinds import Face, Field
from app.writing.models import Manuscript


class Letters:
    """Letters have a title, a body and perhaps a team. What is published is known to the kind itself."""

    name = "letter"
    label = "Letter"
    stylesheet = ""

    def __init__(self, *, is_open: bool = False) -> None:
        self.is_open = is_open
        self.published: dict[str, str] = {}
        self.let_go_of = ""

    def face(self, session: Session, content: Mapping[str, Any]) -> Face:
        team = session.query(Team).filter_by(name=content.get("team")).one_or_none()
        return Face(title=content["title"], team_id=team.id if team else None)

    def fields(self, content: Mapping[str, Any]) -> Sequence[Field]:
        return [Field("title", "Title", content["title"]), Field("body", "Body", content["body"], is_prose=True)]

    def words(self, _content: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    def missing(self, content: Mapping[str, Any]) -> Sequence[str]:
        return [] if content["body"] else ["Body"]

    def render(self, content: Mapping[str, Any]) -> Rendered:
        return render(content["body"])

    def publish(
        self,
        _session: Session,
        manuscript: Manuscript,
        content: Mapping[str, Any],
        rendered: Rendered,
        *,
        now: datetime,
    ) -> None:
        self.published[manuscript.slug] = f"{content['title']} {rendered.text} {now:%Y}"

    def withdraw(self, _session: Session, manuscript: Manuscript) -> None:
        self.published.pop(manuscript.slug, None)

    def freed(self, _manuscript: Manuscript, content: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**content, "body": content["body"].replace("../", "/")}

    def let_go(self, _session: Session, manuscript: Manuscript) -> None:
        self.let_go_of = manuscript.slug

    def page(self, _manuscript: Manuscript, content: Mapping[str, Any], rendered: Rendered) -> Markup:
        return Markup("<h1>{}</h1>{}").format(content["title"], Markup(rendered.html))

    def url(self, slug: str, language: str) -> str:
        return f"/letters/{slug}?lang={language}"

    def edit_url(self, manuscript: Manuscript) -> str:
        return f"/letters/{manuscript.slug}/edit"

    def export(self, _manuscript: Manuscript, content: Mapping[str, Any]) -> str:
        return str(escape(content["body"]))
