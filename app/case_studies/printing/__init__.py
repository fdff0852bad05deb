"""A case study as a PDF: typeset by a program of its own, kept as long as the story stays as it is (docs/case-studies.md)."""
