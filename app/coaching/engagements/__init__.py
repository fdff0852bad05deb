"""A coach helps a team: goals, notes, actions, sessions, outcome."""
