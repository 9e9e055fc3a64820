"""Which problem next, putting it before a member, taking the answer, and what stays in memory."""
