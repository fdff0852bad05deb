"""Practices as texts that are written here: what `writing` asks of a kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.capabilities.models import Capability, Framework
from app.capabilities.queries import list_main_capabilities
from app.config import Config
from app.kernel.db import db
from app.kernel.errors import InvalidInputError
from app.kernel.headings import heading_words
from app.kernel.markup import Rendered, anchor, guess_language, render
from app.media.pictures import pictures_without_text
from app.media.rendering import render_text
from app.practices.content import FREE
from app.practices.export import as_document
from app.practices.models import Practice
from app.practices.rules import DIFFICULTIES, PARTS
from app.practices.service import Article, hash_of, remove_practices, save_article
from app.practices.upkeep.rules import next_date, usual_months
from app.web.i18n import language
from app.writing.cutting import Shape, blocks
from app.writing.kinds import Face, Field
from app.writing.models import Manuscript

NAME = "practice"
# What the origin of a practice begins with that is written on the site, and of one that was brought in.
WEB = "web"
BROUGHT = "import:"
LABELS: Mapping[str, Any] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "capability": _l("Capability"),
    "level": _l("Level"),
    "body": _l("Text"),
    "tags": _l("Tags"),
    "time": _l("Time"),
    "difficulty": _l("Difficulty"),
    "participants": _l("Who takes part"),
}
NEEDED = ("title", "summary", "capability", "body")
_FILE = re.compile(r"(?:[^#?]*/)?(?P<slug>[a-z0-9-]+)\.(?P<language>en|zh)\.md(?:#(?P<heading>.*))?")
_HEADING = re.compile(r"##\s+(?=\S)")
_PICTURE = re.compile(r'<img [^>]*?src="(/media/[^"]+)"')


class PracticeKind:
    """Every member may propose a change to what is published; what it is published as is a row of the library."""

    name = NAME
    label = _l("Practice")
    stylesheet = ""
    is_open = True

    def face(self, session: Session, content: Mapping[str, Any]) -> Face:
        slug = content.get("capability") or ""
        if not slug:
            return Face(title=content["title"])
        query = select(Capability.id).join(Framework).where(Framework.position == 0, Capability.slug == slug)
        capability_id = session.execute(query).scalar_one_or_none()
        if capability_id is None:
            raise InvalidInputError(_l("There is no such capability. Choose one of the list."), field="capability")
        return Face(title=content["title"], capability_id=capability_id)

    def fields(self, content: Mapping[str, Any]) -> Sequence[Field]:
        return [Field(name, label, content.get(name), is_prose=name == "body") for name, label in LABELS.items()]

    def words(self, content: Mapping[str, Any]) -> dict[str, Any]:
        here = language()
        names = {each.slug: each.name.in_(here) for each in list_main_capabilities()}
        chosen, difficulty = content.get("capability") or "", content.get("difficulty") or ""
        return {"capability": names.get(chosen, chosen), "difficulty": DIFFICULTIES.get(difficulty, difficulty)}

    def missing(self, content: Mapping[str, Any]) -> Sequence[Any]:
        lacking: list[Any] = [LABELS[name] for name in NEEDED if not content.get(name)]
        if content.get("form") == FREE:
            # It was written elsewhere and is published as it is: whoever mends a sentence need not rewrite it.
            return [each for each in lacking if each is not LABELS["capability"]]
        body = content.get("body") or ""
        return lacking + lacks_parts(body) + _wordless(body)

    def render(self, content: Mapping[str, Any]) -> Rendered:
        body = content.get("body") or ""
        return render_text(body, guess_language(body), _resolve)

    def publish(
        self, session: Session, manuscript: Manuscript, content: Mapping[str, Any], rendered: Rendered, *, now: datetime
    ) -> None:
        practice = find_row(session, manuscript)
        article = Article(
            # What was brought in keeps its origin: its tree may be brought in again.
            origin=practice.origin if practice and practice.origin.startswith(BROUGHT) else origin_of(manuscript),
            origin_hash=hash_of(WEB, manuscript.slug, manuscript.language, content, rendered.html),
            slug=manuscript.slug,
            language=manuscript.language,
            translation_of=manuscript.translation_of,
            title=content["title"],
            summary=content["summary"],
            body=content["body"],
            rendered=rendered,
            capability_id=self.face(session, content).capability_id,
            level=content["level"],
            tags=content["tags"],
            time=content["time"],
            difficulty=content["difficulty"],
            participants=content["participants"],
            **_looked_after(practice, manuscript, now.date()),
        )
        save_article(session, article, practice, _config().media_dir, now=now)

    def withdraw(self, session: Session, manuscript: Manuscript) -> None:
        practice = find_row(session, manuscript)
        if practice is not None:
            remove_practices(session, [practice])

    def freed(self, manuscript: Manuscript, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content without the folder that its file lay in: a picture beside it is now the copy that readers see."""
        practice = find_row(db.session(), manuscript)
        shown = _PICTURE.findall(practice.html) if practice else []
        named: list[str] = []

        def note(kind: str, target: str) -> str:
            if kind == "image":
                named.append(target)
            return target

        render(content["body"], note)
        body = content["body"]
        if len(named) == len(shown):
            for target, url in zip(named, shown, strict=True):
                body = body.replace(f"({target}", f"({url}")
        return {**content, "body": body}

    def let_go(self, session: Session, manuscript: Manuscript) -> None:
        practice = find_row(session, manuscript)
        if practice is not None:
            practice.origin = origin_of(manuscript)

    def page(self, manuscript: Manuscript, content: Mapping[str, Any], rendered: Rendered) -> Markup:
        capability = next((each for each in list_main_capabilities() if each.slug == content.get("capability")), None)
        html = render_template(
            "practices/_preview.html",
            content=content,
            language_of_text=manuscript.language,
            rendered=rendered,
            capability=capability,
            difficulties=DIFFICULTIES,
        )
        return Markup(html)  # noqa: S704  # our own template

    def url(self, slug: str, language: str) -> str:
        return url_for("practices.show", slug=slug, lang=language)

    def edit_url(self, manuscript: Manuscript) -> str:
        return url_for("practices_desk.edit", slug=manuscript.slug, lang=manuscript.language)

    def export(self, manuscript: Manuscript, content: Mapping[str, Any]) -> str:
        names = {"slug": manuscript.slug, "language": manuscript.language}
        fields = {"title": content["title"], **names, "translation_of": manuscript.translation_of}
        fields |= {name: content[name] for name in ("summary", "capability", "level", "tags", "time", "difficulty")}
        fields |= {"participants": content["participants"], **_upkeep_of(find_row(db.session(), manuscript))}
        return as_document(fields, content["body"])


def _wordless(body: str) -> list[Any]:
    """The pictures that say nothing to whoever does not see them."""
    return [
        _l("What the picture %(address)s shows, in words", address=address) for address in pictures_without_text(body)
    ]


def origin_of(manuscript: Manuscript) -> str:
    """What the row of a practice that is written on the site says it comes from."""
    return f"{WEB}:{manuscript.slug}.{manuscript.language}"


def find_row(session: Session, manuscript: Manuscript) -> Practice | None:
    """What readers see of it."""
    query = select(Practice).where(Practice.slug == manuscript.slug, Practice.language == manuscript.language)
    return session.execute(query.options(selectinload(Practice.tag_rows))).scalar_one_or_none()


def _looked_after(practice: Practice | None, manuscript: Manuscript, today: date) -> dict[str, Any]:
    """Who looks after what is published today, and until when: whoever did so before, for as long as before; of a new
    article whoever began it.
    """
    before = (practice.reviewed_on, practice.review_by) if practice else (None, None)
    return {
        "owner": practice.owner_name if practice else "",
        "owner_id": practice.owner_id if practice else next((each.user_id for each in manuscript.authors), None),
        "reviewed_on": today,
        "review_by": next_date(today, usual_months(*before)),
    }


def _upkeep_of(practice: Practice | None) -> dict[str, Any]:
    """The fields of a file that say who looks after it. An address rather than a name: it is found again by that."""
    if practice is None:
        return {}
    owner = practice.owner.email if practice.owner else practice.owner_name
    return {"owner": owner, "reviewed": practice.reviewed_on, "review_by": practice.review_by}


def lacks_parts(body: str) -> list[str]:
    """The parts of the standard form that no heading of the second level names, in the language of those that one does."""
    headings = {
        heading_words(line[match.end() :])
        for block in blocks(body)
        if block.shape is Shape.HEADING and (match := _HEADING.match(line := block.source.strip()))
    }
    begun = [language for language, parts in PARTS.items() if headings & set(parts)]
    language = begun[0] if begun else guess_language(body)
    return [part for part in PARTS[language] if part not in headings]


def _resolve(kind: str, target: str) -> str:
    """Links to files of the library, which have the name of the practice in them, and to headings."""
    if kind != "link":
        return target
    if target.startswith("#"):
        return target if target.startswith(("#fn", "#h-")) else f"#{anchor(target[1:])}"
    file = _FILE.fullmatch(target) if "://" not in target else None
    if file is None:
        return target
    heading = f"#{anchor(file['heading'])}" if file["heading"] else ""
    return f"/practices/{file['slug']}?lang={file['language']}{heading}"


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config
