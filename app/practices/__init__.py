"""The library: best-practice articles in several languages, from files."""
