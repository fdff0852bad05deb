"""Building the application: the only module that knows every feature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from app.accounts import login as accounts_login
from app.accounts import messages as accounts_messages
from app.accounts.admin_views import blueprint as people_views
from app.accounts.cli import group as accounts_cli
from app.accounts.jobs import JOBS as ACCOUNTS_JOBS
from app.accounts.policy import audience_of
from app.accounts.views import blueprint as accounts_views
from app.admin.content import group as content_cli
from app.admin.health import blueprint as health_views
from app.admin.mail_views import blueprint as mail_views
from app.admin.samples import group as samples_cli
from app.admin.setup import setup as setup_command
from app.capabilities.search_source import CapabilitySource, facet_areas, facet_capabilities
from app.capabilities.views import blueprint as capabilities_views
from app.case_studies import credits as case_study_credits
from app.case_studies import messages as case_study_messages
from app.case_studies import sections as case_study_sections
from app.case_studies.desk_views import blueprint as case_studies_views
from app.case_studies.search_source import COACH_CREDITS, PRACTICE_CREDITS, SESSION_CREDITS, CaseStudySource
from app.case_studies.views import reviewing
from app.coaches import sections as coach_sections
from app.coaches.search_source import PROFILES, CoachSource, facet_coaches
from app.coaches.views import blueprint as coaches_views
from app.coaches.views import own_profile
from app.config import ROOT, Config
from app.home.views import blueprint as home_views
from app.home.views import mine
from app.jobs import mail, messages, worker
from app.jobs.cli import group as jobs_cli
from app.kernel.db import db
from app.media.views import blueprint as media_views
from app.neighbours import creditable_sessions, stories_to_show
from app.notifications.views import bell
from app.notifications.views import blueprint as notifications_views
from app.practices import sections as practice_sections
from app.practices.search_source import PracticeSource
from app.practices.views import blueprint as practices_views
from app.search import glossary, outbox, queries, sources
from app.search.asked import tally
from app.search.cli import group as search_cli
from app.search.desk import redirects
from app.search.desk import wishes as search_desk_wishes
from app.search.desk.views import blueprint as search_desk_views
from app.search.glossary.views import blueprint as glossary_views
from app.search.pages import ways_out
from app.search.pages.program_views import blueprint as search_views
from app.training import messages as training_messages
from app.training import places, rooms
from app.training import sections as training_sections
from app.training.attendance import own as attendance_own
from app.training.attendance.code_views import blueprint as attendance_views
from app.training.certificates import messages as certificates_messages
from app.training.certificates import sections as certificates_sections
from app.training.certificates.desk_views import blueprint as certificates_views
from app.training.certificates.jobs import JOBS as CERTIFICATE_JOBS
from app.training.courses import sections as course_sections
from app.training.courses.search_source import CourseSource
from app.training.courses.views import blueprint as training_views
from app.training.entries import current as entries_current
from app.training.entries import upkeep as entries_upkeep
from app.training.entries.mail import calendar_part
from app.training.feedback import messages as feedback_messages
from app.training.feedback import sections as feedback_sections
from app.training.feedback.jobs import JOBS as FEEDBACK_JOBS
from app.training.feedback.views import blueprint as feedback_views
from app.training.feeds.views import blueprint as feeds_views
from app.training.materials import messages as materials_messages
from app.training.materials import sections as materials_sections
from app.training.materials import telling as materials_telling
from app.training.materials.views import blueprint as materials_views
from app.training.reminders import jobs as reminders_jobs
from app.training.reminders import messages as reminders_messages
from app.training.reminders import views as reminders_views
from app.training.reports.views import blueprint as reports_views
from app.training.reports.views import way as way_to_reports
from app.training.search_source import TrainingSource
from app.training.seats import jobs as seat_jobs
from app.training.signup import messages as signup_messages
from app.training.signup import sections as signup_sections
from app.training.signup.desk_views import ways as seats_way
from app.training.talks import sections as talks_sections
from app.training.talks import stories as shown_stories
from app.training.talks.search_source import PROGRAMMES
from app.training.talks.views import blueprint as talks_views
from app.training.wishes import messages as wish_messages
from app.training.wishes import places as wish_places
from app.training.wishes import sections as wish_sections
from app.training.wishes.views import blueprint as wishes_views
from app.web import access, assets, dates, errors, filters, i18n, logs, sections, security, shared, stored, theme
from app.web.views import blueprint as web_views

BLUEPRINTS = (
    home_views,
    accounts_views,
    people_views,
    capabilities_views,
    practices_views,
    coaches_views,
    training_views,
    wishes_views,
    reminders_views.blueprint,
    feeds_views,
    attendance_views,
    feedback_views,
    materials_views,
    certificates_views,
    talks_views,
    reports_views,
    case_studies_views,
    media_views,
    notifications_views,
    search_views,
    search_desk_views,
    glossary_views,
    health_views,
    mail_views,
    web_views,
)
COMMANDS = (setup_command, content_cli, samples_cli, accounts_cli, jobs_cli, search_cli)
SOURCES = (
    PracticeSource(PROFILES, PRACTICE_CREDITS),
    CoachSource(COACH_CREDITS),
    TrainingSource(SESSION_CREDITS, PROGRAMMES),
    CourseSource(),
    CaseStudySource(),
    CapabilitySource(),
)
# What the values of the search's facets are called.
FACET_NAMES = {"area": facet_areas, "capability": facet_capabilities, "coach": facet_coaches}
JOBS = (
    *ACCOUNTS_JOBS,
    *mail.JOBS,
    *outbox.JOBS,
    *tally.JOBS,
    *seat_jobs.JOBS,
    *entries_upkeep.JOBS,
    *reminders_jobs.JOBS,
    *FEEDBACK_JOBS,
    *materials_telling.JOBS,
    *CERTIFICATE_JOBS,
)
WORDINGS = (
    accounts_messages.WORDINGS,
    case_study_messages.WORDINGS,
    training_messages.WORDINGS,
    signup_messages.WORDINGS,
    wish_messages.WORDINGS,
    reminders_messages.WORDINGS,
    feedback_messages.WORDINGS,
    materials_messages.WORDINGS,
    certificates_messages.WORDINGS,
)
# What of a mail is brought up to date when it leaves.
CURRENT = {**entries_current.CURRENT, **reminders_messages.CURRENT}
# What each place shows of the features above it, in the order in which it is shown.
SECTIONS = {
    "home": (
        training_sections.with_seats,
        case_study_sections.latest,
        practice_sections.newest,
        coach_sections.with_room,
    ),
    "home-mine": (
        training_sections.my_places,
        wish_sections.most_wanted,
        case_study_sections.to_review,
        case_study_sections.being_written,
    ),
    "capability": (
        practice_sections.on_capability,
        course_sections.on_capability,
        training_sections.on_capability,
        wish_sections.on_capability,
        coach_sections.on_capability,
        case_study_sections.on_capability,
    ),
    "practice": (
        training_sections.on_practice,
        wish_sections.on_practice,
        coach_sections.on_practice,
        case_study_sections.on_practice,
    ),
    "coach": (
        feedback_sections.of_coach,
        training_sections.of_coach,
        practice_sections.owned_by,
        case_study_sections.on_coach,
    ),
    "training": (
        course_sections.on_session,
        course_sections.series_on_session,
        materials_sections.of_session,
        feedback_sections.of_session,
    ),
    "training-mine": (certificates_sections.of_person,),
    "training-front": (talks_sections.programme,),
}
# What on pages for all members is each reader's own.
PARTS = {
    "bell": shared.alone(bell),
    "mine": shared.alone(mine),
    "own-profile": shared.alone(own_profile),
    "announce": shared.alone(places.announcing),
    "reports": shared.alone(way_to_reports),
    "reviewing": shared.alone(reviewing),
    "announce-course": shared.alone(course_sections.announcing),
    "course-attended": course_sections.attended_marks,
    "course-desk": course_sections.desks,
    "training-action": places.actions,
    "training-panel": places.panels,
    "training-beside": signup_sections.beside,
    "wish-action": wish_places.actions,
    "wish-desk": wish_places.desks,
}
# What the rooms of training show on a session's page: to one reader, and to those who run it.
SESSION_OWN: tuple[rooms.Own, ...] = (
    signup_sections.own,
    attendance_own.block,
    feedback_sections.way_to_form,
    materials_sections.for_those_there,
    certificates_sections.own,
)
SESSION_DESK: tuple[rooms.Desk, ...] = (
    seats_way,
    talks_sections.desk,
    reminders_views.desk,
    attendance_own.ways,
    feedback_sections.desk,
    materials_sections.desk,
    certificates_sections.desk,
    course_sections.ways,
)
COUNTERS = {
    "capability": (
        practice_sections.counted_by_capability,
        coach_sections.counted_by_capability,
        training_sections.counted_by_capability,
        case_study_sections.counted_by_capability,
    )
}


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
    messages.register_current(app, CURRENT, calendar_part)
    sources.init_app(app)
    sources.register(app, SOURCES)
    outbox.init_app(app)
    glossary.init_app(app)
    redirects.init_app(app)
    search_desk_wishes.register(app, wish_sections.WISH_LIST)
    ways_out.register(app, (wish_sections.offer,))
    queries.init_app(app, audience_of=audience_of, facet_names=FACET_NAMES)
    for place, providers in SECTIONS.items():
        sections.register(app, place, providers, COUNTERS.get(place, ()))
    shared.register(app, PARTS)
    rooms.register(app, SESSION_OWN, SESSION_DESK)
    case_study_credits.register(app, creditable_sessions)
    shown_stories.register(app, stories_to_show)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for group in COMMANDS:
        app.cli.add_command(group)
