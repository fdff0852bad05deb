"""What people keep: bookmarks, ticks for what they have read, and collections to share."""
