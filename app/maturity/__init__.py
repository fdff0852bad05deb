"""Where a team stands: assessments against a framework, verified by a coach, kept in snapshots, and seen by whom they concern."""
