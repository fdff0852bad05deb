"""Coaches and the teams they help: office hours, requests with a clock, engagements, and how coaches grow."""
