"""The Flask side that every feature shares. Knows no feature."""
