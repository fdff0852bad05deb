"""What is handed out: slides, recordings, whatever has an address."""
