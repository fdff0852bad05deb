"""Articles that an editor makes required, for teams or for everybody: who has read them, who has not, and the reminders in between."""
