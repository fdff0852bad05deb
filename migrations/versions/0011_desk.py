"""The writing desk: what is typed and not saved, who is there, and which form has become which text. What was brought into the
library before there were manuscripts gets one, with what it says now as its first version.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "autosave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.CheckConstraint("(manuscript_id is null) <> (key is null)", name=op.f("ck_autosave_of_what")),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_autosave_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_autosave_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autosave")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_autosave_user_id_key")),
        sa.UniqueConstraint("user_id", "manuscript_id", name=op.f("uq_autosave_user_id_manuscript_id")),
    )
    op.create_index(op.f("ix_autosave_manuscript_id"), "autosave", ["manuscript_id"])
    op.create_index(op.f("ix_autosave_saved_at"), "autosave", ["saved_at"])
    op.create_table(
        "desk_presence",
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_desk_presence_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_desk_presence_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("manuscript_id", "user_id", name=op.f("pk_desk_presence")),
    )
    op.create_index(op.f("ix_desk_presence_user_id"), "desk_presence", ["user_id"])
    op.create_index(op.f("ix_desk_presence_seen_at"), "desk_presence", ["seen_at"])
    op.create_table(
        "desk_begun",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_desk_begun_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_desk_begun_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_desk_begun")),
    )
    op.create_index(op.f("ix_desk_begun_manuscript_id"), "desk_begun", ["manuscript_id"])
    op.create_index(op.f("ix_desk_begun_at"), "desk_begun", ["at"])
    _file_practices(op.get_bind())


def _file_practices(connection):
    """Those that are kept in files get theirs with the next sync, which knows the files."""
    tables = sa.MetaData()
    tables.reflect(connection, only=["practice", "practice_tag", "capability", "user", "manuscript", "version"])
    practice, tag, manuscript = (tables.tables[name] for name in ("practice", "practice_tag", "manuscript"))
    tags = {}
    for row in connection.execute(sa.select(tag).order_by(tag.c.practice_id, tag.c.position)):
        tags.setdefault(row.practice_id, []).append(row.tag)
    capability, user = tables.tables["capability"], tables.tables["user"]
    rows = connection.execute(
        sa.select(practice, capability.c.slug.label("capability"), user.c.email)
        .outerjoin(capability, capability.c.id == practice.c.capability_id)
        .outerjoin(user, user.c.id == practice.c.owner_id)
        .where(practice.c.origin.like("import:%"))
    ).all()
    for row in rows:
        when = row.updated_at
        values = {"kind": "practice", "slug": row.slug, "language": row.language, "translation_of": row.translation_of}
        values |= {"title": row.title, "is_open": True, "capability_id": row.capability_id, "state": "accepted"}
        values |= {"state_since": when, "created_at": when, "updated_at": when, "latest_number": 1}
        values |= {"published_number": 1, "revision": 1, "is_sample": False}
        number = connection.execute(manuscript.insert().values(**values)).inserted_primary_key[0]
        connection.execute(
            tables.tables["version"].insert().values(
                manuscript_id=number,
                number=1,
                content=_content(row, tags.get(row.id, [])),
                note="",
                origin="imported",
                at=when,
            )
        )


def _content(row, tags):
    return {
        "title": row.title,
        "summary": row.summary,
        "body": row.source.replace("\r\n", "\n").strip(),
        "capability": row.capability or "",
        "level": row.level,
        "tags": tags,
        "time": row.time,
        "difficulty": row.difficulty,
        "participants": row.participants,
        "owner": row.email or row.owner_name,
        "reviewed": str(row.reviewed_on or ""),
        "review_by": str(row.review_by or ""),
        "form": "free",
    }


def downgrade():
    op.drop_table("desk_begun")
    op.drop_table("desk_presence")
    op.drop_table("autosave")
