"""Where one team stands: radar, trend, distance to its targets."""
