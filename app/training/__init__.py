"""Training sessions: announcing them, taking a seat, the waiting list, the roster."""
