"""Column types: aware times in UTC, texts in several languages. And the zones that people may choose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Dialect, create_engine, select
from sqlalchemy.dialects.postgresql import dialect as postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.kernel.clock import is_zone, list_zones, utc_now, zone
from app.kernel.types import Localized, LocalizedText, UTCDateTime

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UTCDateTime, Localized: LocalizedText}  # noqa: RUF012


class Row(Base):
    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    text: Mapped[Localized | None]


@pytest.fixture
def session() -> Session:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return Session(engine)


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        NOON.astimezone(ZoneInfo("Asia/Shanghai")),
        NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
        NOON.replace(microsecond=123456),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(session: Session, moment: datetime) -> None:
    session.add(Row(at=moment))
    session.commit()

    (stored,) = session.scalars(select(Row.at))

    assert stored == moment
    assert stored is not None
    assert stored.tzinfo is UTC


def test_moments_compare_in_the_database(session: Session) -> None:
    session.add_all([Row(at=NOON), Row(at=NOON + timedelta(hours=1)), Row(at=None)])
    session.commit()

    later = session.scalars(select(Row.at).where(Row.at > NOON.astimezone(ZoneInfo("America/New_York"))))

    assert list(later) == [NOON + timedelta(hours=1)]


@pytest.mark.parametrize("dialect", [sqlite(), postgresql()])  # type: ignore[no-untyped-call]
def test_a_moment_without_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        UTCDateTime().process_bind_param(datetime(2026, 11, 16), dialect)  # noqa: DTZ001


def test_a_text_comes_back_in_its_languages(session: Session) -> None:
    session.add(Row(text=Localized({"en": "Trunk", "zh": "主干"})))
    session.commit()

    (stored,) = session.scalars(select(Row.text))

    assert stored == Localized({"en": "Trunk", "zh": "主干"})


def test_no_text_is_null(session: Session) -> None:
    session.add(Row(text=None))
    session.commit()

    assert session.connection().exec_driver_sql("SELECT count(*) FROM row WHERE text IS NULL").scalar() == 1
    assert list(session.scalars(select(Row.text))) == [None]


@pytest.mark.parametrize(
    ("texts", "language", "shown"),
    [
        ({"en": "Trunk", "zh": "主干"}, "zh", "主干"),
        ({"en": "Trunk", "zh": "主干"}, "en", "Trunk"),
        ({"en": "Trunk"}, "zh", "Trunk"),
        ({"zh": "主干"}, "en", "主干"),
        ({"en": "Trunk", "zh": ""}, "zh", "Trunk"),
        ({"en": "Trunk", "zh": "主干"}, "fr", "Trunk"),
        ({}, "en", ""),
    ],
)
def test_a_text_is_shown_in_the_language_or_in_one_there_is(texts: dict[str, str], language: str, shown: str) -> None:
    assert Localized(texts).in_(language) == shown


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Europe/Lisbon", "America/Argentina/Ushuaia", "UTC"])
def test_zones_that_people_choose(name: str) -> None:
    assert is_zone(name)
    assert name in list_zones()
    assert zone(name).key == name


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "EST", "GMT+8", "Etc/GMT+8", "../etc/passwd", "/etc/localtime", "asia/shanghai\n"]
)
def test_what_is_no_zone(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_this_machine_does_not_know_is_utc(name: str) -> None:
    assert zone(name).key == "UTC"


def test_now_is_aware() -> None:
    assert utc_now().tzinfo is UTC
