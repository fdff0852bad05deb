"""Exhibition mode: published case studies as posters, in turn on a screen or on paper (docs/case-studies.md)."""
