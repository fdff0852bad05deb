"""A team answers: levels, notes, evidence, several people at once."""
