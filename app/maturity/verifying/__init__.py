"""A coach who is not of the team looks at what it says."""
