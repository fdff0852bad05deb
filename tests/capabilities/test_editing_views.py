"""Administrators edit a draft and publish it; readers see versions and what they changed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Permission, Role
from app.capabilities.models import Capability, Framework, FrameworkDraft, FrameworkVersion
from app.capabilities.policy import EDIT_FRAMEWORKS
from app.capabilities.service import sync_frameworks
from app.community.follows.models import Follow
from app.community.follows.service import follow
from app.community.subjects import Ref
from app.config import ROOT
from app.improvement.plans.models import Plan, PlanItem
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.report import Report
from app.maturity.models import Target
from tests.factories.people import make_team, make_user

CD = "/capabilities/continuous-delivery"
LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def frameworks(app: Flask) -> None:
    with transaction() as session:
        sync_frameworks(session, ROOT / "content" / "frameworks", Report(), now=utc_now())


@pytest.fixture
def amara(frameworks: None, log_in: LogIn) -> FlaskClient:
    return log_in(make_user("Amara Osei", Role.ADMINISTRATOR))


@pytest.fixture
def ben(frameworks: None, log_in: LogIn) -> FlaskClient:
    return log_in(make_user("Ben Achterberg", Role.ADMINISTRATOR))


def page(client: FlaskClient, address: str, status: int = 200, **more: object) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def form_of(client: FlaskClient, address: str, **typed: object) -> dict[str, object]:
    """What a browser would send from the form on that page, with some fields typed over."""
    html = page(client, address)
    main = html[html.index("<main") :]
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if name and (kind and kind[1] not in {"checkbox", "file"}):
            found[name[1]] = unescaped(value[1]) if value else ""
        elif name and " checked" in tag and value:
            found.setdefault(name[1], [])
            found[name[1]].append(value[1])  # type: ignore[attr-defined]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', main, re.DOTALL):
        found[name] = unescaped(text).removeprefix("\r\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found | typed


def unescaped(text: str) -> str:
    for code, sign in (("&#39;", "'"), ("&#34;", '"'), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(code, sign)
    return text


def change(client: FlaskClient, address: str, **typed: object) -> None:
    answer = client.post(address, data=form_of(client, address, **typed))
    assert answer.status_code == 303, errors_in(answer.get_data(as_text=True))


def publish(client: FlaskClient, framework: str = CD, note: str = "Because") -> None:
    change(client, f"{framework}/edit/publish", note=note, label="2027.1")


def errors_in(html: str) -> list[str]:
    box = re.search(r'<div class="form-errors".*?</div>', html, re.DOTALL)
    return (
        [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in re.findall(r"<li>(.*?)</li>", box[0], re.DOTALL)]
        if box
        else []
    )


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def capability_id(slug: str) -> int | None:
    query = select(Capability.id).join(Capability.framework).where(Framework.position == 0, Capability.slug == slug)
    return db.session.execute(query).scalar_one_or_none()


def test_the_permission_is_called_as_accounts_call_it() -> None:
    assert EDIT_FRAMEWORKS == Permission.EDIT_FRAMEWORKS


EDITING = (
    f"{CD}/edit",
    f"{CD}/edit/framework",
    f"{CD}/edit/areas/new",
    f"{CD}/edit/areas/test-management",
    f"{CD}/edit/areas/test-management/new",
    f"{CD}/edit/capabilities/version-control",
    f"{CD}/edit/yaml",
    f"{CD}/edit/publish",
    "/capabilities/new",
    "/capabilities/crosswalk/continuous-delivery/dora/edit",
)
READING = (
    f"{CD}/versions",
    f"{CD}/versions/1",
    f"{CD}.yaml",
    f"{CD}/versions/1.yaml",
    "/capabilities/crosswalk/continuous-delivery/dora",
    "/capabilities/crosswalk/dora/continuous-delivery",
)


@pytest.mark.usefixtures("frameworks")
def test_who_may_edit_and_who_may_read(client: FlaskClient, amara: FlaskClient, log_in: LogIn) -> None:
    member = log_in(make_user("Lin Yue", Role.EDITOR, Role.COACH, Role.LEADER))
    for address in EDITING:
        assert client.get(address).status_code == 303
        assert member.get(address).status_code == 403
        assert amara.get(address).status_code == 200
        assert "/edit" not in page(member, CD)
    for address in READING:
        assert {each.get(address).status_code for each in (client, member, amara)} == {200}
    assert f'href="{CD}/edit"' in page(amara, CD)
    assert f'href="{CD}/edit"' not in page(client, CD)
    assert 'href="/capabilities/new"' not in page(member, "/capabilities/")
    assert count(FrameworkDraft) == 0


@pytest.mark.usefixtures("frameworks")
@pytest.mark.parametrize(
    "address",
    [
        f"{CD}/versions/2",
        f"{CD}/versions/2.yaml",
        "/capabilities/nowhere/versions",
        "/capabilities/nowhere/edit",
        "/capabilities/nowhere.yaml",
        f"{CD}/edit/areas/nowhere",
        f"{CD}/edit/capabilities/nowhere",
        "/capabilities/crosswalk/dora/nowhere",
        "/capabilities/crosswalk/dora/dora",
    ],
)
def test_what_is_not_there_is_404(amara: FlaskClient, address: str) -> None:
    page(amara, address, 404)


def test_a_capability_is_renamed_and_published_and_keeps_its_row(amara: FlaskClient, client: FlaskClient) -> None:
    number = capability_id("version-control")
    change(amara, f"{CD}/edit/capabilities/version-control", slug="versioning", name_en="Versioning", weight="2")
    assert capability_id("versioning") is None
    assert "Versioning" not in page(client, CD)
    shown = page(amara, f"{CD}/edit/publish")
    assert "Renamed" in shown
    publish(amara, note="Shorter names")
    assert (capability_id("versioning"), capability_id("version-control")) == (number, None)
    versions = page(client, f"{CD}/versions")
    assert "Shorter names" in versions
    assert "Amara Osei" not in versions
    assert "Amara Osei" in page(amara, f"{CD}/versions")
    changes = " ".join(re.sub(r"<[^>]+>", " ", page(client, f"{CD}/versions/2")).split())
    assert "Versioning Changed Renamed" in changes
    assert "before: 1 after: 2" in changes
    # Whatever needed it needs it under its new name.
    assert "continuous-integration" in page(client, f"{CD}/versioning")
    assert count(FrameworkDraft) == 0
    assert "was:\n    - version-control" in page(client, f"{CD}.yaml").replace("      ", "    ")


def test_whoever_knew_it_by_its_old_name_finds_it(amara: FlaskClient, client: FlaskClient) -> None:
    lin = make_user("Lin Yue")
    team, framework = (
        make_team("Payments", lin),
        db.session.execute(select(Framework.id).where(Framework.position == 0)).scalar_one(),
    )
    with transaction() as session:
        follow(session, lin.id, Ref("capability", "continuous-delivery.metrics"), now=utc_now())
        for slug, level in (("metrics", 3), ("figures", 5)):
            session.add(Target(team_id=team.id, framework_id=framework, capability=slug, level=level, set_at=utc_now()))
        plan = Plan(team_id=team.id, framework_id=framework, title="x", began_on=utc_now().date(), created_at=utc_now())
        plan.items = [PlanItem(capability="metrics", position=0, kind="own", what="x", key="x", state_since=utc_now())]
        session.add(plan)
    change(amara, f"{CD}/edit/capabilities/metrics", slug="figures")
    publish(amara)
    answer = client.get(f"{CD}/metrics")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{CD}/figures")
    page(client, f"{CD}/numbers", 404)
    page(client, "/capabilities/nowhere/metrics", 404)
    assert db.session.execute(select(Follow.slug)).scalars().all() == ["continuous-delivery.figures"]
    assert db.session.execute(select(Target.capability, Target.level)).all() == [("figures", 3)]
    assert db.session.execute(select(PlanItem.capability)).scalars().all() == ["figures"]


def test_areas_and_capabilities_are_added_moved_and_removed(amara: FlaskClient, client: FlaskClient) -> None:
    change(amara, f"{CD}/edit/areas/new", slug="people", name_en="People", summary_en="Who does it")
    change(amara, f"{CD}/edit/areas/people/new", slug="pairing", name_en="Pairing", summary_en="Two at one desk")
    for address in (
        f"{CD}/edit/areas/people/up",
        f"{CD}/edit/capabilities/change-management/up",
        f"{CD}/edit/capabilities/metrics/remove",
        f"{CD}/edit/areas/data-management/remove",
    ):
        assert amara.post(address).status_code == 303
    change(amara, f"{CD}/edit/capabilities/code-quality", area="people", needs=["pairing"])
    publish(amara)
    areas = re.findall(r"<h3>(.*?)</h3>", page(client, CD))
    assert areas[-2:] == ["People", "Measurement and feedback"]
    assert "Data management" not in areas
    slugs = re.findall(r'href="/capabilities/continuous-delivery/([\w-]+)"', page(client, CD))
    assert slugs[1:3] == ["change-management", "version-control"]
    assert slugs[-3:] == ["pairing", "code-quality", "metrics-driven-improvement"]
    assert capability_id("metrics") is None
    shown = page(client, f"{CD}/code-quality")
    assert f'href="{CD}/pairing"' in shown
    assert "Needs" not in page(client, f"{CD}/metrics-driven-improvement")


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(amara: FlaskClient) -> None:
    address = f"{CD}/edit/capabilities/version-control"
    typed = form_of(
        amara, address, slug="Version Control", weight="heavy", level_3_en="", level_3_zh="", name_zh="版本"
    )
    answer = amara.post(address, data=typed)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert errors_in(html) == [
        "Slug : “Version Control” must be lower-case letters, digits and hyphens",
        "Weight : must be a number from 0 to 100",
        "Level 3 in English : must be 1 to 5, or left out; there is no 3",
    ]
    assert 'value="版本"' in html
    circle = form_of(amara, address, needs=["continuous-integration"])
    html = amara.post(address, data=circle).get_data(as_text=True)
    assert len(errors_in(html)) == 1
    assert "needs itself in the end" in errors_in(html)[0]
    assert count(FrameworkDraft) == 0


def test_two_who_edit_different_things_do_not_disturb_each_other(amara: FlaskClient, ben: FlaskClient) -> None:
    hers = form_of(amara, f"{CD}/edit/capabilities/version-control", name_en="Hers")
    his = form_of(ben, f"{CD}/edit/capabilities/metrics", name_en="His")
    assert amara.post(f"{CD}/edit/capabilities/version-control", data=hers).status_code == 303
    assert ben.post(f"{CD}/edit/capabilities/metrics", data=his).status_code == 303
    assert {"Hers", "His"} <= set(re.findall(r">(Hers|His)<", page(amara, f"{CD}/edit")))


def test_two_who_edit_the_same_thing_are_told_and_nothing_is_lost(amara: FlaskClient, ben: FlaskClient) -> None:
    address = f"{CD}/edit/capabilities/version-control"
    hers, his = form_of(amara, address, name_en="Hers"), form_of(ben, address, name_en="His")
    assert amara.post(address, data=hers).status_code == 303
    answer = ben.post(address, data=his)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert errors_in(html)[0].startswith("Amara Osei has changed the draft since you opened this page.")
    assert 'value="His"' in html
    assert "<del>" in html
    assert ">Hers<" in page(ben, f"{CD}/edit")
    # Whoever has seen it and sends it once more means it.
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', html)
    assert seen
    assert ben.post(address, data=his | {"seen": seen[1]}).status_code == 303
    assert ">His<" in page(amara, f"{CD}/edit")


def test_what_was_typed_into_something_that_is_gone_is_shown_once_more(amara: FlaskClient, ben: FlaskClient) -> None:
    for address, away in (
        (f"{CD}/edit/capabilities/metrics", f"{CD}/edit/capabilities/metrics/remove"),
        (f"{CD}/edit/areas/data-management", f"{CD}/edit/areas/data-management/remove"),
    ):
        his = form_of(ben, address, summary_en="Half an hour of work, " * 4)
        assert amara.post(away).status_code == 303
        answer = ben.post(address, data=his)
        assert answer.status_code == 400
        assert "Half an hour of work" in answer.get_data(as_text=True)
        page(ben, address, 404)
    # A button that was pressed too late says so, and nothing else happens.
    assert ben.post(f"{CD}/edit/capabilities/metrics/up").status_code == 303
    assert "That is not in the draft any more." in page(ben, f"{CD}/edit")


@pytest.mark.slow
def test_the_number_of_queries_grows_with_nothing(amara: FlaskClient, count_queries: list[str]) -> None:
    addresses = ("/capabilities/", CD, f"{CD}/test-automation", f"{CD}/edit", f"{CD}/edit/publish", *READING)

    def measure() -> dict[str, int]:
        found: dict[str, int] = {}
        for address in addresses:
            amara.get(address)
            count_queries.clear()
            page(amara, f"{address}?again={len(found)}")
            found[address] = len(count_queries)
        return found

    change(amara, f"{CD}/edit/capabilities/metrics", name_en="Figures")
    before = measure()
    publish(amara)
    for number in range(4):
        change(amara, f"{CD}/edit/areas/new", slug=f"area-{number}", name_en="x", summary_en="x")
        change(amara, f"{CD}/edit/areas/area-{number}/new", slug=f"more-{number}", name_en="x", summary_en="x")
        walk = "/capabilities/crosswalk/continuous-delivery/dora/edit"
        if number:
            change(amara, walk, one=f"more-{number - 1}", other="job-satisfaction", strength="part")
        publish(amara)
    change(amara, f"{CD}/edit/capabilities/metrics", name_en="Numbers")
    after = measure()
    assert {
        address: (before[address], after[address]) for address in addresses if after[address] > before[address]
    } == {}
    assert max(after.values()) <= 24


def test_nobody_publishes_what_they_have_not_seen(amara: FlaskClient, ben: FlaskClient) -> None:
    change(amara, f"{CD}/edit/capabilities/metrics", name_en="Figures")
    hers = form_of(amara, f"{CD}/edit/publish", note="Figures", label="2")
    change(ben, f"{CD}/edit/capabilities/version-control", name_en="Surprise")
    answer = amara.post(f"{CD}/edit/publish", data=hers)
    assert answer.status_code == 422
    assert "Ben Achterberg has changed the draft" in errors_in(answer.get_data(as_text=True))[0]
    assert count(FrameworkVersion) == 2
    publish(amara)
    assert count(FrameworkVersion) == 3
    answer = ben.post(f"{CD}/edit/publish", data=hers)
    assert (answer.status_code, count(FrameworkVersion)) == (422, 3)


def test_a_draft_that_a_newer_version_has_overtaken_is_looked_at_first(amara: FlaskClient) -> None:
    change(amara, f"{CD}/edit/capabilities/metrics", name_en="Figures")
    with transaction() as session:
        row = session.execute(select(FrameworkDraft)).scalar_one()
        row.based_on = 0
    form = form_of(amara, f"{CD}/edit/publish", note="x", label="2")
    answer = amara.post(f"{CD}/edit/publish", data=form)
    assert "Another version was published since" in errors_in(answer.get_data(as_text=True))[0]
    assert amara.post(f"{CD}/edit/keep", data={"revision": form["revision"]}).status_code == 303
    publish(amara)
    assert "Figures" in page(amara, CD)


def test_a_draft_is_thrown_away(amara: FlaskClient, ben: FlaskClient) -> None:
    change(amara, f"{CD}/edit/capabilities/metrics", name_en="Figures")
    assert amara.post(f"{CD}/edit/discard", data={"revision": "9"}).status_code == 303
    assert count(FrameworkDraft) == 1
    assert ben.post(f"{CD}/edit/discard", data={"revision": "1"}).status_code == 303
    assert count(FrameworkDraft) == 0
    assert "Nothing to publish" in page(amara, f"{CD}/edit/publish")


def test_the_draft_as_yaml_with_every_error_and_its_line(amara: FlaskClient, ben: FlaskClient) -> None:
    address = f"{CD}/edit/yaml"
    form = form_of(amara, address)
    text = str(form["text"])
    assert amara.post(address, data=form).status_code == 303
    assert "Nothing to publish" in page(amara, f"{CD}/edit/publish")
    wrong = text.replace("slug: version-control", "slug: Version", 1).replace("weight", "weigth")
    line = wrong[: wrong.index("slug: Version")].count("\n") + 1
    answer = amara.post(address, data=form_of(amara, address) | {"text": "needs: [\n" + text})
    assert answer.status_code == 422
    answer = amara.post(address, data=form_of(amara, address) | {"text": wrong})
    assert (
        f"Line {line}: areas[0].capabilities[0].slug: “Version” must be" in errors_in(answer.get_data(as_text=True))[0]
    )
    assert "slug: Version\n" in unescaped(answer.get_data(as_text=True)).replace("\r\n", "\n")
    hers = form_of(amara, address) | {"text": text.replace("slug: dora", "slug: other")}
    change(ben, f"{CD}/edit/capabilities/metrics", name_en="Figures")
    html = amara.post(address, data=hers).get_data(as_text=True)
    assert "Ben Achterberg has changed the draft" in errors_in(html)[0]


def test_a_framework_of_ones_own_by_form(amara: FlaskClient, client: FlaskClient) -> None:
    typed = {"slug": "ours", "name_en": "Ours", "name_zh": "我们的", "summary_en": "What we want"}
    assert amara.post("/capabilities/new", data=typed).headers["Location"] == "/capabilities/ours/edit"
    assert errors_in(amara.post("/capabilities/new", data=typed).get_data(as_text=True)) == [
        "Slug : There is a framework with this slug already."
    ]
    assert 'href="/capabilities/ours/edit"' in page(amara, "/capabilities/")
    page(client, "/capabilities/ours", 404)
    form = form_of(amara, "/capabilities/ours/edit/publish", note="x", label="1")
    assert "There is no capability in it yet" in amara.post("/capabilities/ours/edit/publish", data=form).get_data(
        as_text=True
    )
    change(amara, "/capabilities/ours/edit/areas/new", slug="all", name_en="All", summary_en="x")
    change(amara, "/capabilities/ours/edit/areas/all/new", slug="calm", name_en="Calm", summary_en="x")
    publish(amara, "/capabilities/ours")
    assert "Calm" in page(client, "/capabilities/ours")
    assert (count(Framework), count(FrameworkDraft)) == (3, 0)
    assert page(client, "/capabilities/ours/versions/1")


def test_a_framework_of_ones_own_by_file(amara: FlaskClient, client: FlaskClient) -> None:
    text = page(client, "/capabilities/dora.yaml").replace("slug: dora\n", "slug: ours\n")
    answer = amara.post("/capabilities/new/yaml", data={"text": text, "revision": "0"})
    assert answer.headers["Location"] == "/capabilities/ours/edit"
    publish(amara, "/capabilities/ours")
    assert page(client, "/capabilities/ours").count("/capabilities/ours/") == 35
    html = amara.post("/capabilities/new/yaml", data={"text": "slug: X\nareas: 1\n"}).get_data(as_text=True)
    assert [line.partition(":")[0] for line in errors_in(html)] == ["Line 1", "Line 1", "Line 1", "Line 2"]


def test_a_body_of_ten_megabytes_is_too_large(amara: FlaskClient) -> None:
    answer = amara.post("/capabilities/new/yaml", data={"text": "x" * 10_000_000})
    assert answer.status_code == 413


def test_links_are_added_changed_and_taken_away(amara: FlaskClient, client: FlaskClient) -> None:
    walk = "/capabilities/crosswalk/continuous-delivery/dora"
    before = page(client, walk)
    assert "Nothing there corresponds to it." in before
    change(
        amara, f"{walk}/edit", one="metrics", other="job-satisfaction", strength="supports", note_en="Figures please"
    )
    assert "Figures please" in page(client, walk)
    assert "Figures please" in page(client, "/capabilities/crosswalk/dora/continuous-delivery")
    address = f"{walk}/edit?from=metrics&to=job-satisfaction"
    form = form_of(amara, address)
    assert (form["one"], form["other"], form["strength"], form["note_en"]) == (
        "metrics",
        "job-satisfaction",
        "supports",
        "Figures please",
    )
    change(amara, address, strength="part", note_en="Figures hurt")
    assert "Figures please" not in page(client, walk)
    back = "/capabilities/crosswalk/dora/continuous-delivery"
    gone = amara.post(f"{back}/remove", data={"from": "job-satisfaction", "to": "metrics"})
    assert gone.status_code == 303
    assert "Figures hurt" not in page(client, walk)
    assert amara.post(f"{back}/remove", data={"from": "job-satisfaction", "to": "metrics"}).status_code == 303


@pytest.mark.usefixtures("frameworks")
@pytest.mark.parametrize("address", READING[:2] + READING[4:])
def test_every_page_speaks_chinese(client: FlaskClient, address: str) -> None:
    assert "持续交付" in page(client, address, headers={"Accept-Language": "zh-CN"})
