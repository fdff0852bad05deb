"""What stands in people's own calendars: entries by mail that are renewed and taken away in place, and files of them."""
