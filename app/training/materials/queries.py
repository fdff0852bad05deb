"""Reading the links of a session."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.materials.models import Material
from app.training.materials.rules import GONE, Audience


def list_materials(training_id: int, audience: Audience | None = None) -> list[Material]:
    """The links in their order: those for that audience alone, or all."""
    query = select(Material).where(Material.training_id == training_id).order_by(Material.position, Material.id)
    if audience is not None:
        query = query.where(Material.audience == audience)
    return list(db.session.execute(query).scalars())


def get_material(training_id: int, material_id: int) -> Material:
    """Raises NotFoundError where the session has no such link."""
    material = db.session.get(Material, material_id)
    if material is None or material.training_id != training_id:
        raise NotFoundError(GONE)
    return material
