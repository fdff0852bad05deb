"""A file is one more way to write: each state of it is a version. Once the site has taken a text over, its file counts no more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.config import Config
from app.kernel.db import current_revision, db, transaction
from app.kernel.report import Report
from app.practices.importer import import_practices
from app.practices.kind import PracticeKind
from app.practices.models import Practice
from app.practices.sync import sync_practices
from app.writing.models import Manuscript, ManuscriptEvent, Version
from app.writing.preparing import prepare
from app.writing.queries import content_of, get_version
from app.writing.rules import Origin, State, Step
from app.writing.service import take_step
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import PARTS, THEN, write_practice

LogIn = Callable[[User], FlaskClient]
KIND = PracticeKind()
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")
LINKED = PARTS["en"] + "\nSee [the other](other.en.md#why), [above](#what) and ![a drawing](drawings/one.png).\n"
EDIT = "/practices/short-branches/edit?lang=en"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    make_framework()
    folder = tmp_path / "content" / "practices"
    (folder / "area" / "drawings").mkdir(parents=True)
    (folder / "area" / "drawings" / "one.png").write_bytes(PNG)
    write_practice(folder / "area", body=LINKED)
    write_practice(folder / "area", "other")
    return folder


def sync(folder: Path, config: Config, days: int = 0) -> list[str]:
    report = Report()
    with transaction() as session:
        sync_practices(session, folder, config.media_dir, report, now=THEN + timedelta(days=days))
    return [str(line) for line in report.lines]


def manuscript(slug: str = "short-branches") -> Manuscript:
    db.session.rollback()
    return db.session.execute(select(Manuscript).where(Manuscript.slug == slug)).unique().scalar_one()


def practice(slug: str = "short-branches") -> Practice:
    return db.session.execute(select(Practice).where(Practice.slug == slug)).scalar_one()


def count(model: type[object]) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_each_state_of_a_file_is_a_version(folder: Path, config: Config) -> None:
    sync(folder, config)
    write_practice(folder / "area", body=LINKED.replace("What it is.", "What it is now."))
    sync(folder, config, days=1)
    made = manuscript()
    assert (made.state, made.latest_number, made.published_number, made.kept_in_file) == (
        State.ACCEPTED,
        2,
        2,
        "content/practices/area/short-branches.en.md",
    )
    assert [get_version(made, number).origin for number in (1, 2)] == [Origin.FILE, Origin.FILE]
    assert content_of(made)["body"] == LINKED.replace("What it is.", "What it is now.").strip()
    assert content_of(made)["tags"] == ["git", "branching"]


def test_a_second_run_writes_nothing(folder: Path, config: Config) -> None:
    sync(folder, config)
    before = (current_revision(), count(Version), count(ManuscriptEvent))
    assert [line.split()[0] for line in sync(folder, config, days=1)] == ["left", "left"]
    assert (current_revision(), count(Version), count(ManuscriptEvent)) == before


@pytest.mark.slow
def test_an_unchanged_library_costs_as_many_questions_for_thirty_files(folder: Path, config: Config) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        sync(folder, config, days=1)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    sync(folder, config)
    few = questions()
    for number in range(30):
        write_practice(folder / "area", f"more-{number}")
    sync(folder, config)
    assert questions() == few


def test_the_page_shows_the_file_to_members_and_the_desk_to_nobody(
    folder: Path, config: Config, log_in: LogIn, client: FlaskClient
) -> None:
    sync(folder, config)
    member = log_in(make_user("Mia"))
    page = member.get("/practices/short-branches").text
    assert "Kept in the file content/practices/area/short-branches.en.md" in page
    assert EDIT.replace("&", "&amp;") not in page
    assert "content/practices" not in client.get("/practices/short-branches").text
    answer = member.get(EDIT)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/writing/{manuscript().id}")
    answer = member.post(EDIT, data={"title": "Mine", "body": "My own words.", "base": "1"})
    assert answer.status_code == 409
    assert "My own words." in answer.text


def test_an_editor_takes_it_over_and_the_file_counts_no_more(folder: Path, config: Config, log_in: LogIn) -> None:
    sync(folder, config)
    html = practice().html
    editor = make_user("Edda", Role.EDITOR)
    browser = log_in(editor)
    assert "Write it on the site from now on" in browser.get(f"/writing/{manuscript().id}").text
    assert browser.post(f"/writing/{manuscript().id}/adoption").status_code == 303
    made = manuscript()
    assert (made.kept_in_file, made.state, made.published_number) == (None, State.ACCEPTED, made.latest_number)
    assert (practice().origin, practice().html) == ("web:short-branches.en", html)
    steps = db.session.execute(
        select(ManuscriptEvent.step, ManuscriptEvent.comment).order_by(ManuscriptEvent.id.desc())
    )
    assert tuple(steps.first() or ()) == (Step.ADOPT, "content/practices/area/short-branches.en.md")
    write_practice(folder / "area", body=LINKED.replace("What it is.", "Nobody reads this."))
    lines = sync(folder, config, days=1)
    assert lines[1].splitlines() == [
        "left     practices/area/short-branches.en.md",
        "         - it is written on the site by now; the file is not followed",
    ]
    (folder / "area" / "short-branches.en.md").unlink()
    sync(folder, config, days=2)
    assert practice().html == html


def test_its_pictures_and_links_go_on_without_the_folder(folder: Path, config: Config, log_in: LogIn) -> None:
    sync(folder, config)
    html = practice().html
    log_in(make_user("Edda", Role.EDITOR)).post(f"/writing/{manuscript().id}/adoption")
    content = content_of(manuscript())
    assert "drawings/one.png" not in content["body"]
    assert KIND.render(content).html == html


def test_others_do_not_take_it_over(folder: Path, config: Config, log_in: LogIn, client: FlaskClient) -> None:
    sync(folder, config)
    path = f"/writing/{manuscript().id}/adoption"
    assert client.post(path).status_code == 303
    for person in (make_user("Mia"), make_user("Carla", Role.COACH), make_user("Root", Role.ADMINISTRATOR)):
        assert log_in(person).post(path).status_code == 403
        assert "Write it on the site" not in log_in(person).get(f"/writing/{manuscript().id}").text
    editor = log_in(make_user("Edda", Role.EDITOR))
    assert [editor.post(path).status_code for _ in range(2)] == [303, 409]


def test_a_file_at_the_address_of_a_draft_is_left(folder: Path, config: Config, log_in: LogIn) -> None:
    data = {"title": "Small steps", "slug": "small-steps", "language": "en", "key": "k" * 20}
    log_in(make_user("Mia")).post("/practices/new", data=data)
    write_practice(folder / "area", "small-steps")
    lines = sync(folder, config)
    assert "it is written on the site by now; the file is not followed" in lines[-1]
    assert count(Practice) == 2


def test_what_goes_with_its_file_comes_back_with_it(folder: Path, config: Config) -> None:
    sync(folder, config)
    path = folder / "area" / "other.en.md"
    shutil.move(path, folder.parent / "aside.md")
    write_practice(folder / "area")
    sync(folder, config, days=1)
    assert (manuscript("other").is_live, manuscript("other").state) == (False, State.DRAFT)
    shutil.move(folder.parent / "aside.md", path)
    sync(folder, config, days=2)
    made = manuscript("other")
    assert (made.is_live, made.state, made.latest_number) == (True, State.ACCEPTED, 1)


def bring(tree: Path, config: Config) -> list[str]:
    report = Report()
    slugs = {each.slug: each.id for each in db.session.execute(select(Capability)).scalars()}
    with transaction() as session:
        import_practices(session, tree, config.media_dir, report, now=THEN, capabilities=slugs)
    return [str(line) for line in report.lines]


def test_what_was_brought_in_is_improved_by_anybody_and_then_left(
    app: Flask, tmp_path: Path, config: Config, log_in: LogIn
) -> None:
    make_framework()
    tree = tmp_path / "wiki"
    tree.mkdir()
    (tree / "deploy.md").write_text("# Deploy often\n\nSome words about the pipeline.\n", encoding="utf-8")
    bring(tree, config)
    made = manuscript("deploy")
    assert (made.state, made.kept_in_file, get_version(made, 1).origin) == (State.ACCEPTED, None, Origin.IMPORTED)
    mia = make_user("Mia")
    data = {"title": "Deploy often", "summary": "Why.", "body": "Better words.", "base": "1", "action": "submit"}
    assert log_in(mia).post("/practices/deploy/edit?lang=en", data=data).status_code == 303
    made = manuscript("deploy")
    assert made.state == State.SUBMITTED
    ready = prepare(KIND, made, 2)
    editor = make_user("Edda", Role.EDITOR)
    with transaction() as session:
        take_step(session, KIND, made, Step.ACCEPT, actor=editor, now=THEN, prepared=ready)
    (tree / "deploy.md").write_text("# Deploy often\n\nWords from elsewhere.\n", encoding="utf-8")
    assert "the file is not followed" in bring(tree, config)[0]
    assert ("Better words." in practice("deploy").html, count(Practice)) == (True, 1)
