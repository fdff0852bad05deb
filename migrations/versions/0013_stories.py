"""What teams write becomes manuscripts in versions; a case study keeps what readers see. What was told of it speaks of the
manuscript.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PARTS = ("context", "challenge", "approach", "results", "lessons", "next_steps")
METRIC = ("name", "before", "after", "unit", "better", "window", "source")
# What a metric of today can say besides, and what the others left open.
MORE = {
    "measure": "", "before_unit": "", "window_before": "", "cases_before": None, "cases_after": None, "remark": "",
}  # fmt: skip
# Withdrawn is a draft now that readers do not see; what readers see is another question.
STATES = {"published": "accepted", "withdrawn": "draft"}
STEPS = {"withdraw": "take_back", "reopen": "save"}
STORY_STATES = "state in ('draft', 'submitted', 'changes_requested', 'published', 'rejected', 'withdrawn')"


def table(name, *columns):
    return sa.table(name, *(sa.column(column) if isinstance(column, str) else column for column in columns))


case_study = table(
    "case_study", "id", "slug", "language", "translation_of", "title", "summary", "team_id", "capability_id", "state",
    sa.column("state_since", MOMENT), "byline", "organisation", "author_id", sa.column("published_on", sa.Date()),
    sa.column("created_at", MOMENT), sa.column("updated_at", MOMENT), "revision", "source_path",
    sa.column("is_sample", sa.Boolean()), *PARTS,
)  # fmt: skip
event = table(
    "case_study_event", "id", "case_study_id", "step", "from_state", "to_state", "comment", "actor_id", sa.column("at", MOMENT)
)
metric = table("case_study_metric", "case_study_id", "position", *METRIC)
team, capability = table("team", "id", "slug", "name"), table("capability", "id", "slug")
coach = table("coach", "user_id", "slug")
CREDITS = {
    "practices": table("credited_practice", "case_study_id", "position", "practice_slug"),
    "sessions": table("credited_session", "case_study_id", "position", "training_slug"),
}
credited_coach = table("credited_coach", "case_study_id", "position", "user_id")
manuscript = table(
    "manuscript", sa.column("id", sa.Integer()), "kind", "slug", "language", "translation_of", "source_number", "title",
    sa.column("is_open", sa.Boolean()), "team_id", "capability_id", "state", sa.column("state_since", MOMENT), "latest_number",
    "submitted_number", "published_number", "kept_in_file", sa.column("created_at", MOMENT), sa.column("updated_at", MOMENT),
    "revision", sa.column("is_sample", sa.Boolean()),
)  # fmt: skip
author = table("manuscript_author", "manuscript_id", "user_id", "position")
version = table(
    "version", "manuscript_id", "number", sa.column("content", sa.JSON()), "note", "origin", "author_id", sa.column("at", MOMENT)
)
manuscript_event = table(
    "manuscript_event", "manuscript_id", "step", "from_state", "to_state", "number", "comment", "actor_id", sa.column("at", MOMENT)
)


def upgrade():
    connection = op.get_bind()
    # Those that were manuscripts before, if somebody went back to the older form for a while.
    there = connection.execute(sa.select(manuscript).where(manuscript.c.kind == "case-study")).all()
    kept = {(row.slug, row.language): row.id for row in there}
    for row in connection.execute(sa.select(case_study).order_by(case_study.c.id)).all():
        if (row.slug, row.language) not in kept:
            kept[row.slug, row.language] = _keep(connection, row)
    for name in ("mail", "notice"):
        _tell_of_manuscripts(connection, name, kept)
    hidden = sa.select(case_study.c.id).where(case_study.c.state != "published")
    for child in (metric, *CREDITS.values(), credited_coach):
        connection.execute(sa.delete(child).where(child.c.case_study_id.in_(hidden)))
    op.drop_index("ix_case_study_event_case_study_id", table_name="case_study_event")
    op.drop_table("case_study_event")
    connection.execute(sa.delete(case_study).where(case_study.c.state != "published"))
    with op.batch_alter_table("case_study") as table:
        table.drop_index("ix_case_study_state")
        table.drop_index(op.f("ix_case_study_author_id"))
        table.drop_constraint(op.f("ck_case_study_state"), type_="check")
        table.drop_constraint(op.f("ck_case_study_published_on"), type_="check")
        table.drop_constraint(op.f("fk_case_study_author_id"), type_="foreignkey")
        for name in ("state", "state_since", "author_id", "revision", *PARTS):
            table.drop_column(name)
        table.add_column(sa.Column("form", sa.String(length=12), nullable=False, server_default="story"))
        table.alter_column("published_on", existing_type=sa.Date(), nullable=False)
        table.create_check_constraint(op.f("ck_case_study_form"), "form in ('story', 'interview')")
        table.create_index("ix_case_study_published_on", ["published_on"])
    with op.batch_alter_table("case_study_metric") as table:
        table.add_column(sa.Column("remark", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("case_study") as table:
        table.alter_column("form", server_default=None)
    with op.batch_alter_table("case_study_metric") as table:
        table.alter_column("remark", server_default=None)


def _keep(connection, row):
    """The number of a manuscript that has what the case study says as its one version, and its history."""
    is_live, state = row.state == "published", STATES.get(row.state, row.state)
    events = connection.execute(sa.select(event).where(event.c.case_study_id == row.id).order_by(event.c.id)).all()
    was_submitted = any(each.step == "submit" for each in events) or state not in {"draft", "accepted"}
    result = connection.execute(
        sa.insert(manuscript)
        .values(
            kind="case-study", slug=row.slug, language=row.language, translation_of=row.translation_of, title=row.title,
            is_open=False, team_id=row.team_id, capability_id=row.capability_id, state=state, state_since=row.state_since,
            latest_number=1, submitted_number=1 if was_submitted else None, published_number=1 if is_live else None,
            kept_in_file=row.source_path, created_at=row.created_at, updated_at=row.updated_at, revision=row.revision,
            is_sample=row.is_sample,
        )
        .returning(manuscript.c.id)
    )  # fmt: skip
    number = result.scalar_one()
    if row.author_id is not None:
        connection.execute(sa.insert(author).values(manuscript_id=number, user_id=row.author_id, position=0))
    connection.execute(
        sa.insert(version).values(
            manuscript_id=number, number=1, content=_content(connection, row), note="",
            origin="file" if row.source_path else "web", author_id=row.author_id, at=row.updated_at,
        )
    )  # fmt: skip
    for each in events:
        connection.execute(
            sa.insert(manuscript_event).values(
                manuscript_id=number, step=STEPS.get(each.step, each.step), number=1, comment=each.comment,
                from_state=STATES.get(each.from_state, each.from_state), to_state=STATES.get(each.to_state, each.to_state),
                actor_id=each.actor_id, at=each.at,
            )
        )  # fmt: skip
    return number


def _content(connection, row):
    def slug_of(place, number):
        return connection.execute(sa.select(place.c.slug).where(place.c.id == number)).scalar_one_or_none() or ""

    def in_order(place, column):
        query = sa.select(column).where(place.c.case_study_id == row.id).order_by(place.c.position)
        return list(connection.execute(query).scalars())

    metrics = connection.execute(sa.select(metric).where(metric.c.case_study_id == row.id).order_by(metric.c.position)).all()
    profiles = (
        sa.select(coach.c.slug)
        .select_from(sa.join(credited_coach, coach, coach.c.user_id == credited_coach.c.user_id))
        .where(credited_coach.c.case_study_id == row.id)
        .order_by(credited_coach.c.position)
    )
    return {
        "form": "story",
        "title": row.title,
        "language": row.language,
        "summary": row.summary,
        "team": slug_of(team, row.team_id),
        "organisation": row.organisation,
        "capability": slug_of(capability, row.capability_id),
        **{part: getattr(row, part) for part in PARTS},
        "metrics": [{**{name: getattr(each, name) for name in METRIC}, **MORE} for each in metrics],
        "practices": in_order(CREDITS["practices"], CREDITS["practices"].c.practice_slug),
        "coaches": list(connection.execute(profiles).scalars()),
        "sessions": in_order(CREDITS["sessions"], CREDITS["sessions"].c.training_slug),
        "byline": row.byline,
    }


def _tell_of_manuscripts(connection, name, kept):
    """Notices and mail that wait speak of the manuscript from now on."""
    told = table(name, "id", "kind", sa.column("params", sa.JSON()))
    for row in connection.execute(sa.select(told).where(told.c.kind.startswith("case study "))).all():
        number = kept.get((row.params["slug"], row.params["language"]))
        if number is None:
            connection.execute(sa.delete(told).where(told.c.id == row.id))
            continue
        params = {**row.params, "id": number, "kind": "case-study"}
        kind = row.kind.replace("case study ", "writing ")
        connection.execute(sa.update(told).where(told.c.id == row.id).values(kind=kind, params=params))


def downgrade():
    """Back to one row each: of what is published the parts are read from its version. The manuscripts stay as they are, so that
    nothing is lost; what was never published is there alone.
    """
    connection = op.get_bind()
    with op.batch_alter_table("case_study_metric") as table:
        table.drop_column("remark")
    with op.batch_alter_table("case_study") as table:
        table.drop_index("ix_case_study_published_on")
        table.drop_constraint(op.f("ck_case_study_form"), type_="check")
        table.drop_column("form")
        table.add_column(sa.Column("state", sa.String(length=20), nullable=False, server_default="published"))
        table.add_column(sa.Column("state_since", MOMENT, nullable=True))
        table.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        for part in PARTS:
            table.add_column(sa.Column(part, sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE case_study SET state_since = updated_at")
    for row in connection.execute(sa.select(case_study.c.id, case_study.c.slug, case_study.c.language)).all():
        content = connection.execute(
            sa.select(version.c.content)
            .select_from(sa.join(version, manuscript, version.c.manuscript_id == manuscript.c.id))
            .where(
                manuscript.c.kind == "case-study",
                manuscript.c.slug == row.slug,
                manuscript.c.language == row.language,
                version.c.number == manuscript.c.published_number,
            )
        ).scalar_one_or_none()
        told = {part: (content or {}).get(part, "") for part in PARTS}
        connection.execute(sa.update(case_study).where(case_study.c.id == row.id).values(**told))
    with op.batch_alter_table("case_study") as table:
        for name in ("state", "revision", *PARTS):
            table.alter_column(name, server_default=None)
        table.alter_column("state_since", existing_type=MOMENT, nullable=False)
        table.alter_column("published_on", existing_type=sa.Date(), nullable=True)
        table.create_foreign_key(op.f("fk_case_study_author_id"), "user", ["author_id"], ["id"], ondelete="SET NULL")
        table.create_check_constraint(op.f("ck_case_study_state"), STORY_STATES)
        table.create_check_constraint(
            op.f("ck_case_study_published_on"), "state <> 'published' or published_on is not null"
        )
        table.create_index(op.f("ix_case_study_author_id"), ["author_id"])
        table.create_index("ix_case_study_state", ["state", "published_on"])
    op.create_table(
        "case_study_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_case_study_event_actor_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_study.id"], name=op.f("fk_case_study_event_case_study_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_study_event")),
    )
    op.create_index(op.f("ix_case_study_event_case_study_id"), "case_study_event", ["case_study_id"])
