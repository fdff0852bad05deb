"""Which level a team wants to have, and by when."""
