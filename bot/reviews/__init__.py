"""Doubtful grades, appeals and leeches: the answers that people look at, and what they decide."""
