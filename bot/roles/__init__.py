"""Which role fits a member, and what is known of each: self-assessment, matching, loops, levels, pay, market."""
