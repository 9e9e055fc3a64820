"""Cohorts: people who learn together, what is posted in their channels, points and boards, and the organiser's room."""
