"""Building the application: the only module that knows every feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from app.accounts import completing, handles
from app.accounts import login as accounts_login
from app.accounts import messages as accounts_messages
from app.accounts.admin_views import blueprint as people_views
from app.accounts.cli import group as accounts_cli
from app.accounts.jobs import JOBS as ACCOUNTS_JOBS
from app.accounts.policy import audience_of
from app.accounts.queries import find_contacts
from app.accounts.views import blueprint as accounts_views
from app.admin.content import group as content_cli
from app.admin.health import blueprint as health_views
from app.admin.library_views import blueprint as library_views
from app.admin.mail_views import blueprint as mail_views
from app.admin.samples import group as samples_cli
from app.admin.setup import setup as setup_command
from app.capabilities import brings as capabilities
from app.case_studies import brings as case_studies
from app.case_studies import credits as case_study_credits
from app.case_studies.search_source import COACH_CREDITS, PRACTICE_CREDITS, SESSION_CREDITS
from app.coaches import subjects as coach_subjects
from app.coaches.references import find_mentioned
from app.coaches.search_source import PROFILES, CoachSource, facet_coaches
from app.coaches.views import blueprint as coaches_views
from app.coaches.views import own_profile
from app.coaching import brings as coaching
from app.community import brings as community
from app.community.moving import Move
from app.config import ROOT, Config
from app.exchange.feed_views import blueprint as exchange_feeds_views
from app.exchange.sources import jobs as sources_jobs
from app.exchange.sources.views import blueprint as sources_views
from app.exchange.views import blueprint as exchange_views
from app.home.views import blueprint as home_views
from app.home.views import mine
from app.improvement import brings as improvement
from app.jobs import mail, messages, worker
from app.jobs.cli import group as jobs_cli
from app.kernel.db import db
from app.maturity import brings as maturity
from app.media import cleaning as media_cleaning
from app.media import guarding
from app.media.views import blueprint as media_views
from app.neighbours import LINKABLES, TEXTS, coach_skills, creditable_sessions, move_subject, stories_to_show
from app.notifications import brings as notifications
from app.places import COUNTERS, SECTIONS
from app.practices import brings as practices
from app.practices.search_source import PracticeSource
from app.search import glossary, outbox, queries, sources
from app.search.asked import tally
from app.search.cli import group as search_cli
from app.search.desk import redirects
from app.search.desk.views import blueprint as search_desk_views
from app.search.glossary.views import blueprint as glossary_views
from app.search.pages.program_views import blueprint as search_views
from app.training import brings as training
from app.web import (
    access,
    assets,
    dates,
    errors,
    filters,
    i18n,
    logs,
    references,
    sections,
    security,
    shared,
    stored,
    theme,
)
from app.web.views import blueprint as web_views
from app.writing import brings as writing
from app.writing import kinds, rooms

BLUEPRINTS = (
    home_views,
    accounts_views,
    people_views,
    *capabilities.BLUEPRINTS,
    *practices.BLUEPRINTS,
    coaches_views,
    *training.BLUEPRINTS,
    *case_studies.BLUEPRINTS,
    *maturity.BLUEPRINTS,
    *coaching.BLUEPRINTS,
    *improvement.BLUEPRINTS,
    exchange_views,
    exchange_feeds_views,
    sources_views,
    *writing.BLUEPRINTS,
    media_views,
    completing.blueprint,
    *notifications.BLUEPRINTS,
    *community.BLUEPRINTS,
    search_views,
    search_desk_views,
    glossary_views,
    health_views,
    library_views,
    mail_views,
    web_views,
)
COMMANDS = (setup_command, content_cli, samples_cli, accounts_cli, jobs_cli, search_cli)
SOURCES: tuple[sources.Source, ...] = (
    PracticeSource(PROFILES, PRACTICE_CREDITS),
    CoachSource(COACH_CREDITS),
    *training.sources(SESSION_CREDITS),
    *case_studies.SOURCES,
    *capabilities.SOURCES,
    *community.SOURCES,
    *writing.SOURCES,
)
# What the values of the search's facets are called.
FACET_NAMES = {**capabilities.FACET_NAMES, "coach": facet_coaches}
JOBS = (
    *ACCOUNTS_JOBS,
    *mail.JOBS,
    *notifications.JOBS,
    *outbox.JOBS,
    *tally.JOBS,
    *media_cleaning.JOBS,
    *community.JOBS,
    *training.JOBS,
    *practices.JOBS,
    *sources_jobs.JOBS,
    *writing.JOBS,
    *maturity.JOBS,
    *coaching.JOBS,
    *improvement.JOBS,
)
WORDINGS: tuple[Mapping[str, messages.Wording], ...] = (
    notifications.WORDINGS,
    accounts_messages.WORDINGS,
    *community.WORDINGS,
    *practices.WORDINGS,
    *training.WORDINGS,
    *writing.WORDINGS,
    *maturity.WORDINGS,
    *coaching.WORDINGS,
    *improvement.WORDINGS,
)
# What people write here, and what they are offered to begin.
KINDS: tuple[kinds.Kind, ...] = (*practices.KINDS, *case_studies.KINDS)
OFFERS: tuple[rooms.Offer, ...] = (*practices.OFFERS, *case_studies.OFFERS)
# The pages that answer for a text which has left its address, and who has to be told when it gets another one.
PAGES = {**practices.PAGES, **case_studies.PAGES}
MOVES: tuple[Move, ...] = (*practices.MOVES, *case_studies.MOVES, *community.MOVES)
# The same for a capability, which is known by its slug alone in some places.
CAPABILITY_MOVES = (move_subject(community.MOVES), *maturity.CAPABILITY_MOVES, *improvement.CAPABILITY_MOVES)
# What each kind of message is about.
TOPICS = (
    accounts_messages.TOPICS,
    *community.TOPICS,
    *practices.TOPICS,
    *training.TOPICS,
    *writing.TOPICS,
    *maturity.TOPICS,
    *coaching.TOPICS,
    *improvement.TOPICS,
)
# What on pages for all members is each reader's own.
PARTS = {
    **notifications.PARTS,
    **community.PARTS,
    "mine": shared.alone(mine),
    "own-profile": shared.alone(own_profile),
    **training.PARTS,
    **writing.PARTS,
    **practices.PARTS,
    **case_studies.PARTS,
    **maturity.PARTS,
    **coaching.PARTS,
    **improvement.PARTS,
}
# What can be spoken of, kept and followed, in the order in which kinds are named.
SUBJECTS = (
    *practices.SUBJECTS,
    *case_studies.SUBJECTS,
    *training.SUBJECTS,
    *coach_subjects.KINDS,
    *community.SUBJECTS,
)
# Those of them that are read from beginning to end.
ARTICLES = (*practices.ARTICLES, *case_studies.ARTICLES)


class App(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is a coroutine. To ask each of twenty hooks whether it is one takes its time in every request."""
        return func


def create_app(config: Config) -> Flask:
    """The application for `config`, ready to serve. Stops with RuntimeError if a view has no access mark."""
    app = App("app", static_folder=None, root_path=str(ROOT / "app"))
    app.config["GUILDHALL"] = config
    app.config["TESTING"] = config.testing
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = config.site_name
    _connect_database(app, config)
    _assemble_web(app)
    _assemble_features(app)
    access.check_marks(app)
    return app


def _connect_database(app: Flask, config: Config) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_uri
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = (
        {"pool_pre_ping": True} if config.database_url and not config.database_url.startswith("sqlite") else {}
    )
    config.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))


def _assemble_web(app: Flask) -> None:
    """The order is the order in which requests pass; answers pass the other way round."""
    logs.init_app(app)
    stored.init_last(app)
    Compress(app)
    security.init_app(app)
    accounts_login.init_app(app)
    access.init_app(app)
    stored.init_app(app)
    shared.init_app(app)
    i18n.init_app(app)
    theme.init_app(app)
    dates.init_app(app)
    filters.init_app(app)
    sections.init_app(app)
    assets.init_app(app)
    errors.init_app(app)


def _assemble_features(app: Flask) -> None:
    worker.init_app(app)
    worker.register(app, JOBS)
    messages.init_app(app)
    for wordings in WORDINGS:
        messages.register(app, wordings)
    handles.init_app()
    references.register(app, LINKABLES, find_mentioned)
    media_cleaning.register(app, TEXTS)
    guarding.register(app, maturity.FILE_READERS)
    notifications.furnish(app, find_contacts, TOPICS)
    sources.init_app(app)
    sources.register(app, SOURCES)
    outbox.init_app(app)
    glossary.init_app(app)
    redirects.init_app(app)
    queries.init_app(app, audience_of=audience_of, facet_names=FACET_NAMES)
    for place, providers in SECTIONS.items():
        sections.register(app, place, providers, COUNTERS.get(place, ()))
    shared.register(app, PARTS)
    training.furnish(app, stories_to_show)
    coaching.furnish(app)
    kinds.init_app(app, KINDS)
    writing.furnish(app, PAGES, MOVES, coach_skills)
    capabilities.furnish(app, CAPABILITY_MOVES)
    rooms.register_more(app, case_studies.BLOCKS)
    rooms.register_offers(app, OFFERS)
    community.furnish(app, SUBJECTS, ARTICLES, coach_subjects.find_profiles)
    improvement.furnish(app)
    case_study_credits.register(app, creditable_sessions)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for group in COMMANDS:
        app.cli.add_command(group)
