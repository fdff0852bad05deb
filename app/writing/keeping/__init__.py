"""What becomes of a text after it was published: it moves to another address, it is retired, it comes back."""
