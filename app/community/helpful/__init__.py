"""Was this helpful? Yes or no, and for no a reason."""
