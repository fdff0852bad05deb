"""Running the house: set-up, content from files, samples, health. Composes the other features."""
