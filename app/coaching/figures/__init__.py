"""What coaching comes to, in numbers that help and do not shame."""
