"""What the files say becomes what the database has, and rows keep their ids."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.capabilities.files import STRENGTHS
from app.capabilities.models import Area, Capability, Crosswalk, Framework, Level
from app.capabilities.queries import get_capability, list_counterparts
from app.capabilities.service import sync_frameworks
from app.config import ROOT
from app.kernel.clock import utc_now
from app.kernel.db import current_revision, db, transaction
from app.kernel.errors import NotFoundError
from app.kernel.report import Report
from app.search.outbox import backlog
from tests.factories.practices import make_practice

both_databases = pytest.mark.both_databases


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content" / "frameworks", tmp_path / "frameworks"))


def sync(folder: Path) -> list[str]:
    report = Report()
    with transaction() as session:
        sync_frameworks(session, folder, report, now=utc_now())
    return [str(line) for line in report.lines]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def ids() -> dict[tuple[str, str], int]:
    rows = db.session.execute(select(Framework.slug, Capability.slug, Capability.id).join(Capability.framework))
    return {(framework, slug): number for framework, slug, number in rows}


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


@both_databases
def test_the_files_become_rows_and_a_second_run_changes_nothing(folder: Path) -> None:
    names = ("continuous-delivery.yaml", "dora.yaml", "crosswalk.yaml")
    assert sync(folder) == [f"created  frameworks/{name}" for name in names]
    assert (count(Framework), count(Area), count(Capability), count(Level)) == (2, 11, 48, 70)
    before, links, revision, waiting = ids(), count(Crosswalk), current_revision(), backlog()
    assert sync(folder) == [f"left     frameworks/{name}" for name in names]
    assert (ids(), count(Crosswalk), current_revision(), backlog()) == (before, links, revision, waiting)


def test_a_changed_text_changes_its_row_only(folder: Path) -> None:
    sync(folder)
    before = ids()
    change(folder / "continuous-delivery.yaml", "version:", "version: 9 #")
    assert sync(folder)[0] == "changed  frameworks/continuous-delivery.yaml"
    assert ids() == before
    assert db.session.execute(select(Framework.version).where(Framework.position == 0)).scalar_one() == "9"


SMALL = """\
slug: {slug}
name: {{en: Small}}
summary: {{en: Small}}
areas:
  - {{slug: one, name: {{en: One}}, summary: {{en: One}}, capabilities: [{one}]}}
  - {{slug: two, name: {{en: Two}}, summary: {{en: Two}}, capabilities: [{two}]}}
"""


def small(folder: Path, one: str, two: str, *, slug: str = "small", name: str = "small") -> None:
    def items(slugs: str) -> str:
        return ", ".join(f"{{slug: {each}, name: {{en: {each}}}, summary: {{en: x}}}}" for each in slugs.split())

    (folder / f"{name}.yaml").write_text(SMALL.format(slug=slug, one=items(one), two=items(two)), encoding="utf-8")


@both_databases
@pytest.mark.parametrize(("one", "two"), [("", "b c a"), ("c b a", ""), ("b a", "c"), ("c", "a b")])
def test_a_capability_that_moves_keeps_its_id_and_what_hangs_on_it(
    app: Flask, tmp_path: Path, one: str, two: str
) -> None:
    small(tmp_path, "a b", "c")
    sync(tmp_path)
    before = ids()
    practice = make_practice(capability=get_capability("small", "a"))
    small(tmp_path, one, two)
    sync(tmp_path)
    assert ids() == before
    db.session.expire_all()
    order = select(Area.slug, Capability.slug).join(Capability.area).order_by(Area.position, Capability.position)
    found = [tuple(row) for row in db.session.execute(order)]
    assert found == [*(("one", slug) for slug in one.split()), *(("two", slug) for slug in two.split())]
    assert practice.capability_id == before["small", "a"]


def test_a_capability_that_is_taken_out_leaves_its_practices(app: Flask, tmp_path: Path) -> None:
    small(tmp_path, "a b", "c")
    sync(tmp_path)
    practice = make_practice(capability=get_capability("small", "a"))
    small(tmp_path, "b", "c")
    assert sync(tmp_path) == ["changed  frameworks/small.yaml".replace("frameworks", tmp_path.name)]
    assert {slug for _framework, slug in ids()} == {"b", "c"}
    assert practice.capability_id is None
    with pytest.raises(NotFoundError):
        get_capability("small", "a")


def test_a_framework_whose_file_is_gone_stays(folder: Path) -> None:
    sync(folder)
    (folder / "dora.yaml").unlink()
    assert sync(folder) == ["left     frameworks/continuous-delivery.yaml", "left     frameworks/crosswalk.yaml"]
    assert count(Framework) == 2


def test_what_is_refused_is_named_and_the_rest_is_read(folder: Path) -> None:
    (folder / "broken.yaml").write_text("slug: broken\nareas: []\n", encoding="utf-8")
    small(folder, "a", "b", slug="dora", name="twin")
    lines = sync(folder)
    assert (
        "refused  frameworks/broken.yaml:1: name: needs a text in en or zh\n         - line 1: summary: needs a text in en or zh"
        in lines
    )
    assert "refused  frameworks/twin.yaml: dora.yaml has the slug dora already" in lines
    assert count(Framework) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from: version-control,", "from: telepathy,", "telepathy to version-control: there is no such capability"),
        (
            "to: trunk-based-development, strength",
            "to: version-control, strength",
            "version-control to version-control: given twice",
        ),
    ],
)
def test_a_wrong_link_is_refused_and_the_old_ones_stay(folder: Path, old: str, new: str, said: str) -> None:
    sync(folder)
    before = count(Crosswalk)
    change(folder / "crosswalk.yaml", old, new)
    line = sync(folder)[-1]
    assert line.startswith("refused  frameworks/crosswalk.yaml:")
    assert line.endswith(said)
    assert count(Crosswalk) == before


@both_databases
def test_the_crosswalk_follows_its_file(folder: Path) -> None:
    sync(folder)
    before = count(Crosswalk)
    change(folder / "crosswalk.yaml", "strength: same", "strength: part")
    assert sync(folder)[-1] == "changed  frameworks/crosswalk.yaml"
    assert count(Crosswalk) == before
    path = folder / "crosswalk.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("links:")[0] + "links: []\n", encoding="utf-8")
    assert sync(folder)[-1] == "changed  frameworks/crosswalk.yaml"
    assert count(Crosswalk) == 0


def test_counterparts_are_the_same_from_both_sides_closest_first(folder: Path) -> None:
    sync(folder)
    found = list_counterparts(get_capability("continuous-delivery", "version-control"))
    ranks = [STRENGTHS.index(each.strength) for each in found]
    assert ranks == sorted(ranks)
    assert {each.capability.framework.slug for each in found} == {"dora"}
    back = list_counterparts(get_capability("dora", "version-control"))
    assert "version-control" in [each.capability.slug for each in back if each.strength == "same"]
