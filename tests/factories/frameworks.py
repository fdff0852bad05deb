"""A framework small enough to read: two areas, three capabilities."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from app.capabilities.documents import areas_of, as_document, capabilities_of
from app.capabilities.models import Area, Capability, Framework, FrameworkVersion, Level
from app.capabilities.versions import find_latest_version, publish
from app.kernel.db import transaction
from app.kernel.types import Localized

EARLIER = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


def both(english: str, chinese: str = "") -> Localized:
    return Localized({"en": english, "zh": chinese or f"{english}（中文）"})


def make_framework() -> Framework:
    """`continuous-delivery` with `version-control` and `change-management`, and `test-automation`."""
    with transaction() as session:
        framework = Framework(
            slug="continuous-delivery",
            position=0,
            version="1",
            number=1,
            name=both("Continuous delivery", "持续交付"),
            summary=both("How a change gets to production"),
            notice=both("Unofficial"),
            source=both("Our own words"),
        )
        session.add(framework)
        framework.areas = [
            _area(
                framework,
                0,
                "configuration-management",
                "Configuration management",
                "配置管理",
                {
                    "version-control": ("Version control", "版本控制"),
                    "change-management": ("Change management", "变更管理"),
                },
            ),
            _area(
                framework,
                1,
                "test-management",
                "Test management",
                "测试管理",
                {
                    "test-automation": ("Test automation", "测试自动化"),
                },
            ),
        ]
        session.flush()
        session.add(
            FrameworkVersion(framework_id=framework.id, number=1, label="1", content=as_document(framework), at=EARLIER)
        )
    return framework


def latest_version(framework_id: int) -> FrameworkVersion:
    """The version that there is."""
    version = find_latest_version(framework_id)
    assert version is not None
    return version


def _area(
    framework: Framework, position: int, slug: str, name: str, chinese: str, capabilities: dict[str, tuple[str, str]]
) -> Area:
    area = Area(slug=slug, position=position, name=both(name, chinese), summary=both(f"About {name}"))
    area.capabilities = [
        Capability(
            framework=framework,
            slug=key,
            position=number,
            name=both(*names),
            summary=both(f"About {names[0]}"),
            levels=[Level(number=level, description=both(f"{names[0]} at level {level}")) for level in range(1, 6)],
        )
        for number, (key, names) in enumerate(capabilities.items())
    ]
    return area


def rename_capability(framework: Framework, old: str, new: str) -> None:
    """Publish the next version, in which the capability `old` is called `new`."""
    document = deepcopy(latest_version(framework.id).content)
    capabilities_of(document)[old].update(slug=new, was=[old])
    _publish_next(framework, document)


def rename_area(framework: Framework, old: str, new: str) -> None:
    """Publish the next version, in which the area `old` is called `new`."""
    document = deepcopy(latest_version(framework.id).content)
    areas_of(document)[old].update(slug=new, was=[old])
    _publish_next(framework, document)


def _publish_next(framework: Framework, document: dict[str, Any]) -> None:
    with transaction() as session:
        publish(session, session.get_one(Framework, framework.id), document, note="", editor=None, now=LATER)
