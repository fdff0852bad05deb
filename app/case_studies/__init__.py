"""Case studies: what a team did, what changed, and how it is reviewed before everybody reads it."""
