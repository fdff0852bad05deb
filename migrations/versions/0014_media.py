"""What people are mentioned by, and what they have uploaded.

Revision: 0014
Follows: 0011
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from pypinyin import Style, pinyin

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    with op.batch_alter_table("user") as table:
        table.add_column(sa.Column("handle", sa.String(length=40), nullable=True))
    give_handles()
    with op.batch_alter_table("user") as table:
        table.alter_column("handle", existing_type=sa.String(length=40), nullable=False)
        table.create_unique_constraint(op.f("uq_user_handle"), ["handle"])
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind in ('picture', 'attachment')", name=op.f("ck_upload_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_upload_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_user", "upload", ["user_id", "at"])
    op.create_index("ix_upload_name", "upload", ["name", "at"])


def give_handles():
    """The same as `app.accounts.handles` gives to new accounts."""
    people = sa.table("user", sa.column("id"), sa.column("name"), sa.column("handle"))
    connection = op.get_bind()
    taken = set()
    for user_id, name in connection.execute(sa.select(people.c.id, people.c.name).order_by(people.c.id)).all():
        stem, number = handle_for(name), 1
        while (handle := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        taken.add(handle)
        connection.execute(sa.update(people).where(people.c.id == user_id).values(handle=handle))


def handle_for(name):
    readings = "-".join(part[0] for part in pinyin(name, style=Style.NORMAL))
    plain = unicodedata.normalize("NFKD", readings).encode("ascii", "ignore").decode().lower()
    handle = "-".join(re.findall("[a-z0-9]+", plain))[:32].strip("-")
    return handle if len(handle) > 1 else f"member-{handle}".strip("-")


def downgrade():
    op.drop_table("upload")
    with op.batch_alter_table("user") as table:
        table.drop_constraint(op.f("uq_user_handle"), type_="unique")
        table.drop_column("handle")
