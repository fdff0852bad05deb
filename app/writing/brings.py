"""What writing brings to the house, of all its rooms (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from app.writing import messages

WORDINGS = (messages.WORDINGS,)
