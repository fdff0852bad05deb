"""One full-text search over everything. Knows no feature: each brings a `Source` (see `sources.py`).

The index is a projection of the database that may be deleted at any time; `flask search rebuild` makes it anew.
What is in which room: docs/search.md.
"""
