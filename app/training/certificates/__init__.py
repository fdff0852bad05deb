"""Who gets a certificate, its PDF, the page that verifies it."""
