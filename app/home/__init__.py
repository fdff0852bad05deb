"""The first page: one look at everything, and what is mine."""
