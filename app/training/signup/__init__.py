"""The pages of signing up: for who comes, and for who runs the session."""
