"""What people want to learn: a board of wishes, votes for them, and the sessions that coaches make of them."""
