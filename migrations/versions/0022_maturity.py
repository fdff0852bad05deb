"""Assessments, what coaches found, snapshots, targets.

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEPT = "a snapshot is never changed"
KEPT_COLUMNS = {
    "snapshot": "assessment_id, team_id, framework_id, version_id, title, department, taken_at, score, content, digest",
    "snapshot_mark": "snapshot_id, capability, position, area, weight, area_weight, level, self_level",
}


def upgrade():
    op.create_table(
        "maturity_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_maturity_target_level")),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_maturity_target_framework_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_maturity_target_set_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_maturity_target_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maturity_target")),
        sa.UniqueConstraint(
            "team_id", "framework_id", "capability", name=op.f("uq_maturity_target_team_id_framework_id_capability")
        ),
    )
    with op.batch_alter_table("maturity_target") as batch_op:
        batch_op.create_index(batch_op.f("ix_maturity_target_framework_id"), ["framework_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("moved_from", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verifier_id", sa.Integer(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state in ('answering', 'submitted', 'verifying', 'returned', 'final', 'withdrawn')",
            name=op.f("ck_assessment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_assessment_framework_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["user.id"], name=op.f("fk_assessment_started_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_assessment_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["user.id"], name=op.f("fk_assessment_verifier_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["framework_version.id"], name=op.f("fk_assessment_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment") as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_framework_id"), ["framework_id"], unique=False)
        batch_op.create_index(
            "ix_assessment_running",
            ["team_id", "framework_id"],
            unique=True,
            sqlite_where=sa.text("state in ('answering', 'submitted', 'verifying', 'returned')"),
            postgresql_where=sa.text("state in ('answering', 'submitted', 'verifying', 'returned')"),
        )
        batch_op.create_index("ix_assessment_state", ["state", "state_since"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_verifier_id"), ["verifier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_version_id"), ["version_id"], unique=False)

    op.create_table(
        "assessment_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("is_not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_changed_item", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_assessment_answer_level")),
        sa.CheckConstraint("level is null or not is_not_applicable", name=op.f("ck_assessment_answer_level_or_reason")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_answer_assessment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_assessment_answer_changed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_answer")),
        sa.UniqueConstraint("assessment_id", "capability", name=op.f("uq_assessment_answer_assessment_id_capability")),
    )
    op.create_table(
        "assessment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user.id"], name=op.f("fk_assessment_event_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_event_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_event")),
    )
    with op.batch_alter_table("assessment_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_event_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "assessment_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("answer_revision", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(verdict = 'differ') = (level is not null)", name=op.f("ck_assessment_finding_differs_by_a_level")
        ),
        sa.CheckConstraint("verdict in ('agree', 'differ', 'ask')", name=op.f("ck_assessment_finding_verdict")),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_assessment_finding_level")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_finding_assessment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["user.id"], name=op.f("fk_assessment_finding_coach_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_finding")),
        sa.UniqueConstraint("assessment_id", "capability", name=op.f("uq_assessment_finding_assessment_id_capability")),
    )
    op.create_table(
        "assessment_finding_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_finding_word_assessment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_assessment_finding_word_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_finding_word")),
    )
    with op.batch_alter_table("assessment_finding_word") as batch_op:
        batch_op.create_index("ix_assessment_finding_word_of", ["assessment_id", "capability"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("verifier_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_snapshot_assessment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_snapshot_framework_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_snapshot_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["user.id"], name=op.f("fk_snapshot_verifier_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["framework_version.id"], name=op.f("fk_snapshot_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_snapshot_assessment_id")),
    )
    with op.batch_alter_table("snapshot") as batch_op:
        batch_op.create_index("ix_snapshot_framework", ["framework_id", "taken_at"], unique=False)
        batch_op.create_index("ix_snapshot_team", ["team_id", "framework_id", "taken_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_snapshot_version_id"), ["version_id"], unique=False)

    op.create_table(
        "assessment_answer_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("is_not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user.id"], name=op.f("fk_assessment_answer_event_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["assessment_answer.id"],
            name=op.f("fk_assessment_answer_event_answer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_answer_event")),
    )
    with op.batch_alter_table("assessment_answer_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_answer_event_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "assessment_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("window", sa.String(length=80), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind in ('link', 'file', 'metric')", name=op.f("ck_assessment_evidence_kind")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_assessment_evidence_added_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["assessment_answer.id"], name=op.f("fk_assessment_evidence_answer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_evidence")),
    )
    with op.batch_alter_table("assessment_evidence") as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_evidence_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "snapshot_mark",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("area_weight", sa.Double(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("self_level", sa.Integer(), nullable=True),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_snapshot_mark_level")),
        sa.CheckConstraint("self_level between 1 and 5", name=op.f("ck_snapshot_mark_self_level")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_mark_snapshot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "capability", name=op.f("pk_snapshot_mark")),
    )

    # What was agreed is kept. Rows may go with their team, and a verifier's account may be closed; nothing else may happen to them.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION keep_snapshot() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, columns in KEPT_COLUMNS.items():
        if op.get_bind().dialect.name == "postgresql":
            then = "FOR EACH ROW EXECUTE FUNCTION keep_snapshot()"
        else:
            then = f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        op.execute(f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OF {columns} ON {table} {then}")


def downgrade():
    op.drop_table("snapshot_mark")
    with op.batch_alter_table("assessment_evidence") as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_evidence_answer_id"))

    op.drop_table("assessment_evidence")
    with op.batch_alter_table("assessment_answer_event") as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_answer_event_answer_id"))

    op.drop_table("assessment_answer_event")
    with op.batch_alter_table("snapshot") as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_version_id"))
        batch_op.drop_index("ix_snapshot_team")
        batch_op.drop_index("ix_snapshot_framework")

    op.drop_table("snapshot")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_snapshot()")
    with op.batch_alter_table("assessment_finding_word") as batch_op:
        batch_op.drop_index("ix_assessment_finding_word_of")

    op.drop_table("assessment_finding_word")
    op.drop_table("assessment_finding")
    with op.batch_alter_table("assessment_event") as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_event_assessment_id"))

    op.drop_table("assessment_event")
    op.drop_table("assessment_answer")
    with op.batch_alter_table("assessment") as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_version_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_verifier_id"))
        batch_op.drop_index("ix_assessment_state")
        batch_op.drop_index(
            "ix_assessment_running",
            sqlite_where=sa.text("state in ('answering', 'submitted', 'verifying', 'returned')"),
            postgresql_where=sa.text("state in ('answering', 'submitted', 'verifying', 'returned')"),
        )
        batch_op.drop_index(batch_op.f("ix_assessment_framework_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("maturity_target") as batch_op:
        batch_op.drop_index(batch_op.f("ix_maturity_target_framework_id"))

    op.drop_table("maturity_target")
