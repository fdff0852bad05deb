"""The whole loop of a team on one page."""
