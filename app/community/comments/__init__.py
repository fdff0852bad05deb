"""What people say about a practice or a case study, in threads under it."""
