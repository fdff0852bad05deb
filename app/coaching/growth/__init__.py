"""The path from candidate to coach to lead coach."""
