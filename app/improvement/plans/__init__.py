"""What a team set out to do, whose it is, and by when."""
