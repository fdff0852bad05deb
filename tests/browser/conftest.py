"""A real Chromium against a real site."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.passwords import hash_password
from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from tests.site import Site, Stock

# The shell draws the same pages without a browser around them, for two thirds of the work.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
PASSWORD = "a long sentence for tests"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# In milliseconds. On a machine that is busy with other things a page takes its time.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
HEADERS = {"en": "en", "zh": "zh-CN,zh;q=0.9,en;q=0.8"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set, but there is no Chromium")
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(browser: Browser, stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the starter library and the samples, of their own for the tests of one file."""
    running = stock.start(tmp_path_factory.mktemp("site"), sample=True)
    yield running
    running.stop()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """A window of its own: `open_page(path, person=…, language=…, width=…, theme=…)`. Errors in it fail the test."""
    contexts = []
    errors: list[str] = []

    def opened(
        path: str = "/", *, person: str | None = None, language: str = "en", width: int = 1280, theme: str = "light"
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 800},
            color_scheme=theme,  # type: ignore[arg-type]
            extra_http_headers={"Accept-Language": HEADERS[language]},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        if person:
            log_in(page, person)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    # The browser says so by itself when a page answers with an error on purpose.
    assert [error for error in errors if "Failed to load resource" not in error] == []


def log_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def make_person(site: Site, name: str, *roles: Role, team: str = "", language: str = "en") -> str:
    """An account in the running site, and its address."""
    email = f"{name.split(maxsplit=1)[0].lower()}@people.example"

    def create() -> None:
        with transaction() as session:
            user = User(
                email=email,
                name=name,
                password_hash=hash_password(PASSWORD),
                language=language,
                time_zone="Asia/Shanghai",
                created_at=utc_now(),
                grants=[RoleGrant(role=role) for role in roles],
            )
            session.add(user)
            if team:
                found = session.query(Team).filter_by(name=team).one_or_none() or Team(slug=team.lower(), name=team)
                user.memberships = [Membership(team=found)]

    site.do(create)
    return email
