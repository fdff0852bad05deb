"""What a text said before: its versions, the differences between them, and what its translations translate."""
