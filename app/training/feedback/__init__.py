"""What people thought of a session, without who said what; and thanks to those who came."""
