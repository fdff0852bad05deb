"""Frameworks in versions, with weights and what a capability needs; leaders.

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROLES = "('coach', 'editor', 'leader', 'administrator')"


def upgrade():
    op.create_table(
        "framework_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["user.id"], name=op.f("fk_framework_draft_editor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_framework_draft_framework_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_draft")),
        sa.UniqueConstraint("framework_id", name=op.f("uq_framework_draft_framework_id")),
    )
    op.create_table(
        "framework_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_from_file", sa.Boolean(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["user.id"], name=op.f("fk_framework_version_editor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_framework_version_framework_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_version")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_framework_version_framework_id_number")),
    )
    op.create_table(
        "crosswalk_origin",
        sa.Column("first", sa.String(length=80), nullable=False),
        sa.Column("second", sa.String(length=80), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_crosswalk_origin")),
    )
    with op.batch_alter_table("area") as batch_op:
        batch_op.add_column(sa.Column("weight", sa.Double(), nullable=False, server_default="1"))
        batch_op.create_check_constraint(op.f("ck_area_weight"), "weight between 0 and 100")

    with op.batch_alter_table("capability") as batch_op:
        batch_op.add_column(sa.Column("weight", sa.Double(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("needs", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_check_constraint(op.f("ck_capability_weight"), "weight between 0 and 100")

    with op.batch_alter_table("framework") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("file_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("is_aside", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("role_grant") as batch:
        batch.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch.create_check_constraint(op.f("ck_role_grant_role"), f"role in {ROLES}")


def downgrade():
    op.execute("DELETE FROM role_grant WHERE role = 'leader'")
    with op.batch_alter_table("role_grant") as batch:
        batch.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch.create_check_constraint(op.f("ck_role_grant_role"), "role in ('coach', 'editor', 'administrator')")

    with op.batch_alter_table("framework") as batch_op:
        batch_op.drop_column("is_aside")
        batch_op.drop_column("file_hash")
        batch_op.drop_column("number")

    with op.batch_alter_table("capability") as batch_op:
        batch_op.drop_constraint(op.f("ck_capability_weight"), type_="check")
        batch_op.drop_column("needs")
        batch_op.drop_column("weight")

    with op.batch_alter_table("area") as batch_op:
        batch_op.drop_constraint(op.f("ck_area_weight"), type_="check")
        batch_op.drop_column("weight")

    op.drop_table("crosswalk_origin")
    op.drop_table("framework_version")
    op.drop_table("framework_draft")
