"""In-app notices, and the mail that goes with them. Knows what they are about only by kind and parameters."""
