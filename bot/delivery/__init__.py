"""When something is sent, exactly once: schedules, outbox, ticker. What is said is not its business."""
