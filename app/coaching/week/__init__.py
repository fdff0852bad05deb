"""A coach's page of the week, and how much the coach takes on."""
