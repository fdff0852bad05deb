"""A framework as one document: what a version keeps of it, in the shape of its YAML file."""

from __future__ import annotations

from typing import Any

from app.capabilities.models import Area, Capability, Framework


def as_document(framework: Framework) -> dict[str, Any]:
    """Everything that `framework` says, as plain values. Levels are keyed by their number as a text, for JSON knows no other key."""
    return {
        "slug": framework.slug,
        "version": framework.version,
        "official": framework.is_official,
        "name": dict(framework.name.texts),
        "summary": dict(framework.summary.texts),
        "notice": dict(framework.notice.texts),
        "source": dict(framework.source.texts),
        "areas": [_area(area) for area in framework.areas],
    }


def _area(area: Area) -> dict[str, Any]:
    return {
        "slug": area.slug,
        "name": dict(area.name.texts),
        "summary": dict(area.summary.texts),
        "weight": area.weight,
        "capabilities": [_capability(capability) for capability in area.capabilities],
    }


def _capability(capability: Capability) -> dict[str, Any]:
    return {
        "slug": capability.slug,
        "name": dict(capability.name.texts),
        "summary": dict(capability.summary.texts),
        "weight": capability.weight,
        "needs": list(capability.needs),
        "levels": {str(level.number): dict(level.description.texts) for level in capability.levels},
    }
