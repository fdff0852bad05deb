"""Where coaching begins for everybody, and what other pages show of it."""
