"""What would help a team most now, by a rule that is shown."""
