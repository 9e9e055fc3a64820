"""The simulator: a seeded population on fake platforms in virtual time, over the real core; and an oracle."""
