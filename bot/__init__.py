"""Rolecall's core: members, roles, problems and time. It knows no chat platform."""
