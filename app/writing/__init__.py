"""Manuscripts: what people write, in versions, from the first line to publication (docs/adr/0017)."""
