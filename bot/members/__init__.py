"""Joining, settings, reminders on and off, and what is kept about a person."""
