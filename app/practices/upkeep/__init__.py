"""Kept true: every article has an owner and a day by which somebody looks at it again."""
