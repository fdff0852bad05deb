"""What was agreed, kept for good, and compared."""
