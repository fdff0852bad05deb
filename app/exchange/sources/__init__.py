"""Repositories that the site reads again and again."""
