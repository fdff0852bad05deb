"""What people say, keep and follow, about anything in the house: comments, bookmarks, collections, follows."""
