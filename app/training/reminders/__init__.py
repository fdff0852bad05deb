"""What is told at a time: reminders of a seat, as long before a meeting as the coach chose."""
