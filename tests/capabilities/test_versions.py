"""Every change of a framework makes a version, whether it comes with a file or from the site; versions never change."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities import editing
from app.capabilities.crossing import link_capabilities
from app.capabilities.documents import as_document, capabilities_of, fingerprint
from app.capabilities.drafts import Draft, change_draft, discard_draft, ensure_seen, get_draft, publish_draft
from app.capabilities.models import Capability, Crosswalk, Framework, FrameworkVersion
from app.capabilities.queries import get_capability, list_around
from app.capabilities.rows import find_rows
from app.capabilities.service import sync_frameworks
from app.capabilities.versions import (
    UnchangeableError,
    find_latest_version,
    get_version,
    list_versions,
    publish,
    with_former_slugs,
)
from app.config import ROOT
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.report import Report
from app.kernel.types import Localized
from app.search.outbox import backlog, drain
from tests.factories.frameworks import latest_version, make_framework
from tests.factories.people import make_user

both_databases = pytest.mark.both_databases
CD = "continuous-delivery"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content" / "frameworks", tmp_path / "frameworks"))


def sync(folder: Path, *, over_edits: bool = False) -> list[str]:
    report = Report()
    with transaction() as session:
        sync_frameworks(session, folder, report, now=utc_now(), over_edits=over_edits)
    return [str(line) for line in report.lines]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def framework(slug: str = CD) -> Framework:
    return db.session.execute(select(Framework).where(Framework.slug == slug)).scalar_one()


def numbers(slug: str = CD) -> list[tuple[int, str, bool]]:
    return [(each.number, each.label, each.is_from_file) for each in list_versions(framework(slug).id)]


def edit_on_the_site(editor: User, slug: str = "version-control", name: str = "Versions") -> None:
    with transaction() as session:
        change_draft(session, CD, renaming(slug, name), editor=editor, now=utc_now())
    with transaction() as session:
        revision = get_draft(CD).revision
        publish_draft(session, CD, revision, label="site", note="Shorter", editor=editor, now=utc_now())


def renaming(slug: str, name: str) -> Callable[[Draft], dict[str, object]]:
    """A step that calls the capability otherwise in English."""

    def step(draft: Draft) -> dict[str, object]:
        area, item = editing.find_capability(draft.content, slug)
        return editing.put_capability(draft.content, slug, area, {**item, "name": {"en": name}}, ())

    return step


@both_databases
def test_a_file_makes_a_version_only_where_it_says_something_else(folder: Path) -> None:
    sync(folder)
    assert numbers() == [(1, "2026.1", True)]
    sync(folder)
    assert numbers() == [(1, "2026.1", True)]
    change(folder / f"{CD}.yaml", "# Structure", "# A comment changes nothing.\n# Structure")
    assert sync(folder)[0] == f"left     frameworks/{CD}.yaml"
    change(folder / f"{CD}.yaml", 'version: "2026.1"', 'version: "2026.2"')
    assert sync(folder)[0] == f"changed  frameworks/{CD}.yaml"
    assert numbers() == [(2, "2026.2", True), (1, "2026.1", True)]
    assert framework().number == 2
    assert latest_version(framework().id).content["version"] == "2026.2"
    assert get_version(framework().id, 1).content["version"] == "2026.1"
    assert numbers("dora") == [(1, "2026.1", True)]


@both_databases
def test_the_rows_say_what_the_latest_version_says(folder: Path) -> None:
    sync(folder)
    change(folder / f"{CD}.yaml", "- slug: data-management", "- slug: data-management\n    weight: 2.5")
    change(folder / f"{CD}.yaml", "- slug: metrics\n", "- slug: figures\n        was: metrics\n        weight: 0\n")
    change(folder / f"{CD}.yaml", "needs: [metrics]", "needs: [figures]")
    sync(folder)
    rows = find_rows(db.session(), CD)
    content = latest_version(framework().id).content
    assert rows is not None
    said = as_document(rows)
    # What it was called before is in the versions alone.
    for part in (*content["areas"], *capabilities_of(content).values()):
        part["was"] = []
    assert fingerprint(said) == fingerprint(content)
    db.session.rollback()


@both_databases
def test_what_is_renamed_keeps_its_row(folder: Path) -> None:
    sync(folder)
    capability, area = get_capability(CD, "metrics").id, get_capability(CD, "metrics").area_id
    path = folder / f"{CD}.yaml"
    change(path, "- slug: metrics\n", "- slug: figures\n        was: metrics\n")
    change(path, "needs: [metrics]", "needs: [figures]")
    change(path, "- slug: measurement-and-feedback", "- slug: measuring\n    was: [measurement-and-feedback]")
    crosswalk = folder / "crosswalk.yaml"
    crosswalk.write_text(
        crosswalk.read_text(encoding="utf-8").replace("from: metrics,", "from: figures,"), encoding="utf-8"
    )
    before = db.session.execute(select(func.count()).select_from(Crosswalk)).scalar_one()
    assert [line.split()[0] for line in sync(folder)] == ["changed", "left", "left"]
    found = get_capability(CD, "figures")
    assert (found.id, found.area_id, found.area.slug) == (capability, area, "measuring")
    assert db.session.execute(select(func.count()).select_from(Crosswalk)).scalar_one() == before
    with pytest.raises(NotFoundError):
        get_capability(CD, "metrics")
    # Another name, by a file that no longer tells of the first: the versions still know.
    change(path, "- slug: figures\n        was: metrics\n", "- slug: numbers\n        was: figures\n")
    change(path, "needs: [figures]", "needs: [numbers]")
    sync(folder)
    assert capabilities_of(latest_version(framework().id).content)["numbers"]["was"] == ["metrics", "figures"]
    assert get_capability(CD, "numbers").id == capability


@both_databases
def test_an_edit_of_the_site_is_not_overwritten_unseen(folder: Path) -> None:
    sync(folder)
    edit_on_the_site(make_user("Amara Osei", Role.ADMINISTRATOR))
    assert numbers() == [(2, "site", False), (1, "2026.1", True)]
    # The file says what it always said: the site's version stands.
    assert sync(folder)[0] == f"left     frameworks/{CD}.yaml"
    assert get_capability(CD, "version-control").name.in_("en") == "Versions"
    change(folder / f"{CD}.yaml", 'version: "2026.1"', 'version: "2026.2"')
    line = sync(folder)[0]
    assert line.startswith(f"refused  frameworks/{CD}.yaml: version 2 was published on the site")
    assert line.endswith("--over-edits")
    assert len(numbers()) == 2
    assert sync(folder, over_edits=True)[0] == f"changed  frameworks/{CD}.yaml"
    assert numbers()[0] == (3, "2026.2", True)
    assert get_capability(CD, "version-control").name.in_("en") == "Version control"
    assert sync(folder, over_edits=True)[0] == f"left     frameworks/{CD}.yaml"


def test_the_file_may_take_over_what_the_site_says(folder: Path, client: object) -> None:
    sync(folder)
    edit_on_the_site(make_user("Amara Osei", Role.ADMINISTRATOR))
    text = client.get(f"/capabilities/{CD}.yaml").get_data(as_text=True)  # type: ignore[attr-defined]
    (folder / f"{CD}.yaml").write_text(text, encoding="utf-8")
    assert sync(folder)[0] == f"left     frameworks/{CD}.yaml"
    change(folder / f"{CD}.yaml", "Versions", "Versioning")
    assert sync(folder)[0].startswith("refused")


def test_links_that_were_edited_on_the_site_are_not_overwritten_unseen(folder: Path) -> None:
    sync(folder)
    with transaction() as session:
        one, other = get_capability(CD, "metrics"), get_capability("dora", "job-satisfaction")
        link_capabilities(session, one, other, "supports", Localized({"en": "Figures"}))
    assert sync(folder)[-1] == "left     frameworks/crosswalk.yaml"
    change(folder / "crosswalk.yaml", "strength: same", "strength: part")
    assert sync(folder)[-1].startswith("refused  frameworks/crosswalk.yaml: links were edited on the site")
    assert sync(folder, over_edits=True)[-1] == "changed  frameworks/crosswalk.yaml"
    assert (
        db.session.execute(
            select(Crosswalk).where(Crosswalk.to_id == get_capability("dora", "job-satisfaction").id)
        ).first()
        is None
    )


def test_what_was_there_before_versions_gets_its_first(app: Flask, tmp_path: Path) -> None:
    make_framework()
    with transaction() as session:
        session.execute(delete(FrameworkVersion))
        session.execute(update(Framework).values(number=0))
    assert find_latest_version(framework().id) is None
    sync(tmp_path)
    assert numbers() == [(1, "1", True)]
    assert list(capabilities_of(latest_version(framework().id).content)) == [
        "version-control",
        "change-management",
        "test-automation",
    ]
    sync(tmp_path)
    assert len(numbers()) == 1


def test_a_version_cannot_be_changed(app: Flask) -> None:
    make_framework()
    with pytest.raises(UnchangeableError), transaction():
        latest_version(framework().id).note = "Something else"
    assert latest_version(framework().id).note == ""


def test_publishing_on_the_site_brings_everything_to_the_index_again(app: Flask) -> None:
    make_framework()
    drain()
    edit_on_the_site(make_user("Amara Osei", Role.ADMINISTRATOR))
    assert backlog() >= 6
    drain()


def test_former_slugs_gather_and_never_name_what_is_there(app: Flask) -> None:
    make_framework()
    first = latest_version(framework().id).content
    second = with_former_slugs(
        editing.put_capability(
            first, "version-control", "configuration-management", item(first, "vc"), {"version-control"}
        ),
        first,
    )
    third = with_former_slugs(
        editing.put_capability(second, "vc", "configuration-management", item(second, "version-control", "vc"), {"vc"}),
        second,
    )
    assert capabilities_of(second)["vc"]["was"] == ["version-control"]
    assert capabilities_of(third)["version-control"]["was"] == ["vc"]


def item(document: dict[str, object], slug: str, now: str = "version-control") -> dict[str, object]:
    return {**editing.find_capability(document, now)[1], "slug": slug}


def test_what_a_capability_needs_and_what_waits_for_it(folder: Path) -> None:
    sync(folder)
    around = list_around(get_capability(CD, "deployment-pipeline"))
    assert [each.slug for each in around.needs] == [
        "continuous-integration",
        "test-automation",
        "environment-management",
    ]
    assert [each.slug for each in around.blocks] == ["deployment-and-release-mode", "data-change"]


@both_databases
def test_of_two_who_publish_at_once_one_is_told(app: Flask) -> None:
    make_framework()
    editor = make_user("Amara Osei", Role.ADMINISTRATOR)
    editor_id = editor.id
    with transaction() as session:
        change_draft(session, CD, renaming("version-control", "Versions"), editor=editor, now=utc_now())
    said: list[str] = []
    start = threading.Barrier(4)

    class Editor:
        id = editor_id

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as session:
                    publish_draft(session, CD, 1, label="2", note="x", editor=Editor(), now=utc_now())
                said.append("published")
            except ConflictError:
                said.append("told")
            finally:
                db.session.remove()

    presses = [threading.Thread(target=press) for _number in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(said) == ["published", "told", "told", "told"]
    db.session.rollback()
    assert [number for number, _label, _file in numbers()] == [2, 1]


@both_databases
def test_steps_of_many_at_once_are_all_in_the_draft(app: Flask) -> None:
    make_framework()
    editor_id = make_user("Amara Osei", Role.ADMINISTRATOR).id
    slugs = ["version-control", "change-management", "test-automation"]
    start = threading.Barrier(3)

    class Editor:
        id = editor_id

    def edit(slug: str) -> None:
        with app.app_context():
            start.wait()
            with transaction() as session:
                change_draft(session, CD, renaming(slug, f"New {slug}"), editor=Editor(), now=utc_now())
            db.session.remove()

    people = [threading.Thread(target=edit, args=(slug,)) for slug in slugs]
    for each in people:
        each.start()
    for each in people:
        each.join()
    db.session.rollback()
    draft = get_draft(CD)
    assert draft.revision == 3
    assert [each["name"]["en"] for each in capabilities_of(draft.content).values()] == [f"New {slug}" for slug in slugs]


def test_a_draft_that_somebody_else_has_changed_is_not_thrown_away(app: Flask) -> None:
    make_framework()
    editor = make_user("Amara Osei", Role.ADMINISTRATOR)
    with transaction() as session:
        change_draft(session, CD, renaming("version-control", "Versions"), editor=editor, now=utc_now())
    with pytest.raises(ConflictError), transaction() as session:
        discard_draft(session, CD, 0)
    with pytest.raises(ConflictError, match="Amara Osei"):
        ensure_seen(get_draft(CD), 0)
    with transaction() as session:
        discard_draft(session, CD, 1)
    assert get_draft(CD).row is None


def test_a_version_by_the_service_alone(app: Flask) -> None:
    """What other features stand on: publish, and the ids stay."""
    made = make_framework()
    number = get_capability(CD, "test-automation").id
    content = editing.remove_capability(latest_version(made.id).content, "change-management")
    with transaction() as session:
        rows = find_rows(session, CD)
        assert rows is not None
        version = publish(session, rows, content, note="Less", editor=None, now=utc_now())
        assert (version.number, version.note, version.is_from_file) == (2, "Less", False)
    slugs = {slug for (slug,) in db.session.execute(select(Capability.slug))}
    assert (slugs, get_capability(CD, "test-automation").id) == ({"version-control", "test-automation"}, number)
