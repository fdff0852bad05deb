"""Calendars to subscribe to: mine, all sessions, one coach's."""
