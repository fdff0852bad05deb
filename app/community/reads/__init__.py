"""How often articles are read, without cookies and without saying who reads. `noting` writes it down while somebody reads, `tally`
counts that in the worker (docs/notices.md).
"""
