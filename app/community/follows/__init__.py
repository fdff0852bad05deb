"""Following a practice, a capability, a tag, a team or a coach, and being told what is new there."""
