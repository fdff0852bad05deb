"""What the programme comes to: teams, coaches, sessions, seats, stories, practices, by month."""
