"""The glossary: what it finds, its file, and that a change counts at once and everywhere."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.rules import Role
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.search.editing.changes import list_changes
from app.search.glossary import Glossary, current_glossary, init_app, service
from app.search.glossary.current import WHAT, list_entries
from app.search.glossary.entry import Entry
from app.search.glossary.file import FILE, GlossaryFileError, check_file, read_file
from app.search.glossary.service import Names
from tests.factories.people import make_user
from tests.search.processes import environment_of

SMALL = """\
- {en: [branch], zh: [分支]}
- {en: [merge request, pull request, MR, PR], zh: [合并请求, 拉取请求]}
- {en: [trunk-based development], zh: [主干开发, 基于主干的开发]}
- {en: [pipeline], zh: [流水线]}
"""


@pytest.fixture
def file(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The application with a small glossary of its own."""
    path = tmp_path / "glossary.yaml"
    path.write_text(SMALL, encoding="utf-8")
    init_app(app, path)
    yield path
    init_app(app)


@pytest.fixture
def editor(app: Flask) -> User:
    return make_user("Edda Editor", Role.EDITOR)


def add(editor: User, en: str, zh: str) -> Entry:
    with transaction() as session:
        return service.add_entry(session, Names(en=en.split(", "), zh=zh.split(", ")), actor=editor, now=utc_now())


def small() -> Glossary:
    return Glossary(
        [
            Entry("1", ("merge request", "pull request", "MR"), ("合并请求", "拉取请求")),
            Entry("2", ("trunk-based development",), ("主干开发", "基于主干的开发")),
            Entry("3", ("trunk",), ("主干",)),
            Entry("4", ("repository",), ("仓库",)),
            Entry("5", ("off",), ("关",), active=False),
        ]
    )


def test_the_other_names_come_nearest_first() -> None:
    names = small()
    assert names.lookup("pull request") == ("合并请求", "merge request", "mr", "拉取请求")
    assert names.lookup("拉取请求") == ("merge request", "合并请求", "pull request", "mr")
    assert names.lookup("off") == names.lookup("nothing") == ()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("what is a merge request", ["merge request"]),
        ("merge requests and prs", ["merge request"]),
        ("trunk based development", ["trunk-based development"]),
        ("trunk-based", ["trunk"]),
        ("主干开发怎么做", ["主干开发"]),
        ("基于主干的开发", ["基于主干的开发"]),
        ("主干mr", ["主干", "mr"]),
        ("mrs trunks repositories", ["mr", "trunk", "repository"]),
        ("xtrunk trunkx mrx", []),
        ("", []),
    ],
)
def test_names_are_found_in_a_query_the_longest_first_and_whole(query: str, found: list[str]) -> None:
    places = small().find_in(query)
    assert [name for _start, _end, name in places] == found
    assert all(before[1] <= after[0] for before, after in pairwise(places))


def test_a_name_in_two_entries_has_the_names_of_both() -> None:
    names = Glossary([Entry("1", ("tag",), ("标签",)), Entry("2", ("label",), ("标签",))])
    assert names.lookup("标签") == ("tag", "label")
    assert names.lookup("tag") == ("标签",)


def test_to_find_names_in_a_query_takes_less_than_a_tenth_of_a_millisecond() -> None:
    names = Glossary(read_file(FILE))
    query = "how do i do continuous delivery and 灰度发布 with merge requests"
    started = time.perf_counter()
    for _number in range(200):
        names.find_in(query)
    assert (time.perf_counter() - started) / 200 < 0.001  # ten times what it takes on a slow machine


def test_the_file_of_the_house_is_right_and_has_enough() -> None:
    assert check_file(FILE) == []
    names = Glossary(read_file(FILE))
    assert len(read_file(FILE)) >= 300
    assert names.lookup("流水线")[0] == "pipeline"
    assert names.lookup("canary release")[0] == "灰度发布"
    assert "代码评审" in names.han_variants
    assert "pipeline" not in names.han_variants


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("branch: 分支", "line 1: The file has to be a list of entries"),
        ("- {en: [a b], zh: [分支]}\n- branch\n", "line 2: An entry looks like"),
        ("- {en: [branch], zh: [分支], fr: [branche]}", "line 1: An entry has `en` and `zh`"),
        ("- {en: [branch]}", "line 1: An entry has `en` and `zh`"),
        ("# why\n\n- {en: [], zh: [分支]}", "line 3: `en` needs a list of 1 to 12 names"),
        ("- {en: branch, zh: [分支]}", "line 1: `en` needs a list"),
        ("- {en: [branch], zh: [支]}", "line 1: `zh` needs a list"),
        ("- {en: [branch}, zh", "line 1: This is not YAML"),
        ("- {en: [branch], zh: [分支]}\n- {en: [Branch], zh: [支线]}", "line 2: “Branch” stands in line 1 already."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    assert [found for found in check_file(path) if found.startswith(problem)] != []


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(GlossaryFileError, match="cannot be read"):
        read_file(tmp_path / "none.yaml")


def test_a_changed_file_counts_at_once_and_a_broken_one_changes_nothing(file: Path) -> None:
    assert current_glossary().lookup("branch") == ("分支",)
    file.write_text(SMALL.replace("[分支]", "[分支, 支线]"), encoding="utf-8")
    assert current_glossary().lookup("branch") == ("分支", "支线")
    file.write_text("- {broken", encoding="utf-8")
    assert current_glossary().lookup("branch") == ("分支", "支线")
    file.write_text(SMALL, encoding="utf-8")
    assert current_glossary().lookup("branch") == ("分支",)


@pytest.mark.both_databases
def test_an_entry_of_the_site_counts_at_once(file: Path, editor: User) -> None:
    before = current_glossary()
    add(editor, "blue-green deployment, blue-green", "蓝绿部署")
    assert current_glossary().lookup("蓝绿部署") == ("blue-green deployment", "blue-green")
    assert before.lookup("蓝绿部署") == ()
    assert current_glossary() is current_glossary()


@pytest.mark.both_databases
def test_an_entry_of_the_file_is_changed_switched_off_and_put_back(file: Path, editor: User) -> None:
    key, now = "file:branch", utc_now()
    with transaction() as session:
        service.change_entry(
            session, key, Names(en=["branch", "feature line"], zh=["分支"]), version=0, actor=editor, now=now
        )
    assert current_glossary().lookup("分支") == ("branch", "feature line")
    with transaction() as session:
        service.switch_entry(session, key, active=False, version=1, actor=editor, now=now)
    assert current_glossary().lookup("分支") == ()
    with transaction() as session:
        service.switch_entry(session, key, active=True, version=2, actor=editor, now=now)
    assert current_glossary().lookup("分支") == ("branch", "feature line")
    with transaction() as session:
        service.remove_entry(session, key, version=3, actor=editor, now=now)
    assert current_glossary().lookup("分支") == ("branch",)
    assert [(change.action, change.by.name) for change in list_changes(WHAT, key)] == [
        (action, "Edda Editor") for action in ("put back", "switched on", "switched off", "changed")
    ]


def test_what_was_changed_here_stays_when_the_file_drops_it(file: Path, editor: User) -> None:
    with transaction() as session:
        names = Names(en=["branch", "line"], zh=["分支"])
        service.change_entry(session, "file:branch", names, version=0, actor=editor, now=utc_now())
    file.write_text(SMALL.split("\n", 1)[1], encoding="utf-8")
    assert current_glossary().lookup("分支") == ("branch", "line")
    assert len(list_entries()) == 4


@pytest.mark.both_databases
def test_an_own_entry_is_deleted(file: Path, editor: User) -> None:
    entry = add(editor, "toil", "苦活")
    with transaction() as session:
        assert service.remove_entry(session, entry.key, version=1, actor=editor, now=utc_now()) is None
    assert current_glossary().lookup("toil") == ()
    with pytest.raises(NotFoundError):
        service.get_entry(entry.key)


@pytest.mark.parametrize(
    ("en", "zh", "field", "message"),
    [
        ([], ["苦活"], "en", "at least one name"),
        (["toil"], [], "zh", "at least one name"),
        (["toil", "DevOps"], ["devops"], "zh", "“devops” stands on both sides."),
        (["toil"], ["苦"], "zh", "“苦” is no name that can be looked for"),
        (["--"], ["苦活"], "en", "“--” is no name"),
        (["t" * 61], ["苦活"], "en", "is no name"),
        ([f"toil {number}" for number in range(13)], ["苦活"], "en", "At most 12 names"),
        (["toil", "pull  Request"], ["苦活"], "en", "stands in the entry “merge request = 合并请求” already."),
        (["toil"], ["拉取請求"], "zh", "stands in the entry “merge request = 合并请求” already."),
    ],
)
def test_names_that_cannot_be_are_refused_in_a_sentence(
    file: Path, editor: User, en: list[str], zh: list[str], field: str, message: str
) -> None:
    en = [" ".join(name.split()) for name in en]
    with pytest.raises(InvalidInputError) as caught, transaction() as session:
        service.add_entry(session, Names(en=en, zh=zh), actor=editor, now=utc_now())
    assert (caught.value.field, message in str(caught.value)) == (field, True)
    assert len(list_entries()) == 4


def test_names_of_an_entry_that_is_off_are_free_and_then_keep_it_off(file: Path, editor: User) -> None:
    with transaction() as session:
        service.switch_entry(session, "file:pipeline", active=False, version=0, actor=editor, now=utc_now())
    add(editor, "pipeline", "管线")
    with (
        pytest.raises(InvalidInputError, match="stands in the entry “pipeline = 管线” already"),
        transaction() as session,
    ):
        service.switch_entry(session, "file:pipeline", active=True, version=1, actor=editor, now=utc_now())


@pytest.mark.both_databases
def test_whoever_comes_second_is_told(file: Path, editor: User, session: Session) -> None:
    entry = add(editor, "toil", "苦活")
    for version, refused in ((1, False), (1, True), (2, False)):
        try:
            with transaction() as writing:
                service.change_entry(
                    writing, entry.key, Names(en=["toil"], zh=["杂活"]), version=version, actor=editor, now=utc_now()
                )
        except ConflictError:
            assert refused
        else:
            assert not refused
    with pytest.raises(ConflictError), transaction() as writing:
        service.switch_entry(writing, "file:branch", active=False, version=7, actor=editor, now=utc_now())


CHILD = """
import sys
from app.config import Config
from app.factory import create_app
from app.kernel.db import db
from app.search.glossary import current_glossary
app = create_app(Config.from_env())
for line in sys.stdin:
    with app.app_context():
        print(",".join(current_glossary().lookup(line.strip())), flush=True)
        db.session.remove()
"""


@pytest.mark.slow
def test_another_process_knows_a_change_within_seconds_without_a_restart(config: Config, editor: User) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env=environment_of(config),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def lookup(name: str) -> str:
            child.stdin.write(f"{name}\n")  # type: ignore[union-attr]
            child.stdin.flush()  # type: ignore[union-attr]
            return child.stdout.readline().strip()  # type: ignore[union-attr]

        assert lookup("toil of the night") == ""
        assert lookup("branch") == "分支"
        entry = add(editor, "toil of the night", "夜间苦活")
        deadline = time.monotonic() + 5
        while not (found := lookup("toil of the night")) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert found == "夜间苦活"
        with transaction() as session:
            service.remove_entry(session, entry.key, version=1, actor=editor, now=utc_now())
        while lookup("toil of the night") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert lookup("toil of the night") == ""
        child.stdin.close()


def test_the_command_says_what_is_wrong(app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    right = run(args=["search", "glossary", "check"])
    assert (right.exit_code, "nothing wrong" in right.output) == (0, True)
    path = tmp_path / "mine.yaml"
    path.write_text("- {en: [branch]}\n", encoding="utf-8")
    wrong = run(args=["search", "glossary", "check", str(path)])
    assert (wrong.exit_code, "line 1: An entry has" in wrong.output, "1 to mend" in wrong.output) == (1, True, True)
