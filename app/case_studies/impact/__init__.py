"""What came of it: the numbers of all published case studies together (docs/case-studies.md)."""
