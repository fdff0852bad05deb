"""Capabilities as search is told of them, and what areas and capabilities are called."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from app.capabilities.models import Area, Capability, Framework
from app.capabilities.search_source import facet_areas, facet_capabilities
from app.kernel.db import db, transaction
from app.search.queries import facet_names
from app.search.sources import PUBLIC, all_sources
from app.web.i18n import LOCALES
from tests.factories.frameworks import both, make_framework
from tests.factories.searching import document, watching


@pytest.fixture
def capability(app: Flask) -> Capability:
    return make_framework().areas[0].capabilities[0]


def make_other_framework() -> None:
    """`other` with `version-control` under another name, and `pairing`."""
    with transaction() as session:
        framework = Framework(
            slug="other",
            position=1,
            version="1",
            name=both("Other"),
            summary=both(""),
            notice=both(""),
            source=both(""),
        )
        session.add(framework)
        area = Area(slug="other-area", position=0, name=both("Other area"), summary=both(""))
        framework.areas = [area]
        names = {"version-control": "Keeping versions", "pairing": "Pairing"}
        area.capabilities = [
            Capability(framework=framework, slug=slug, position=number, name=both(name), summary=both(""))
            for number, (slug, name) in enumerate(names.items())
        ]


def test_what_a_document_says(capability: Capability) -> None:
    found = document("capability", f"{capability.id}-zh")
    assert found is not None
    assert (found.title, found.languages, found.group) == ("版本控制", ["zh"], f"capability:{capability.id}")
    assert (found.tags, found.keywords) == ((), ["配置管理"])
    assert (found.area, found.capabilities) == ("configuration-management", ["version-control"])
    assert (found.coaches, found.day, found.usefulness, found.levels) == ((), None, 0, ())
    assert found.audience == frozenset({PUBLIC})
    english = document("capability", f"{capability.id}-en")
    assert english is not None
    assert (english.title, english.group) == ("Version control", found.group)
    assert document("capability", "999-en") is None


def test_another_framework_has_no_area_to_choose(capability: Capability) -> None:
    make_other_framework()
    documents = {each.title: each.area for each in all_sources()["capability"].load_all(db.session())}
    assert (documents["Pairing"], documents["Version control"]) == ("", "configuration-management")


def test_search_is_told_of_every_change(capability: Capability) -> None:
    mine = {f"capability:{capability.id}-{code}" for code in ("en", "zh")}
    with watching() as change, transaction():
        capability.summary = both("Another summary", "另一个简介")
    assert change.told == change.real == mine
    with watching() as change, transaction():
        capability.levels[0].description = both("Another first level", "另一个第一级")
    assert change.told == change.real == mine
    with watching() as change, transaction() as session:
        session.delete(capability)
    assert change.told == change.real == mine


def test_both_versions_of_a_hit_lead_to_the_one_page(app: Flask, capability: Capability) -> None:
    keys = [f"{capability.id}-en", f"{capability.id}-zh"]
    with app.test_request_context():
        found = all_sources()["capability"].found([*keys, "999-en"], None)
    assert {key: (each.title, each.url, each.translations) for key, each in found.items()} == {
        keys[0]: ("Version control", "/capabilities/continuous-delivery/version-control", ()),
        keys[1]: ("版本控制", "/capabilities/continuous-delivery/version-control", ()),
    }


def test_names_stand_in_the_order_of_the_framework(
    app: Flask, capability: Capability, count_queries: list[str]
) -> None:
    make_other_framework()
    db.session.rollback()
    count_queries.clear()
    with app.test_request_context():
        areas = facet_areas(["test-management", "configuration-management", "other-area", "nothing"])
        capabilities = facet_capabilities(["pairing", "test-automation", "version-control", "nothing"])
        assert areas == [
            ("configuration-management", "Configuration management"),
            ("test-management", "Test management"),
        ]
        assert capabilities == [
            ("version-control", "Version control"),
            ("test-automation", "Test automation"),
            ("pairing", "Pairing"),
        ]
        assert len([each for each in count_queries if each.startswith("SELECT")]) == 2
        assert facet_names("area", ["test-management"]) == {"test-management": "Test management"}
        assert facet_names("capability", ["pairing"]) == {"pairing": "Pairing"}
        count_queries.clear()
        assert (facet_areas([]), facet_capabilities([]), count_queries) == ([], [], [])
        with force_locale(LOCALES["zh"]):
            assert facet_areas(["test-management"]) == [("test-management", "测试管理")]
            assert facet_capabilities(["test-automation"]) == [("test-automation", "测试自动化")]
