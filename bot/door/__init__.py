"""What crosses between chat platforms and the bot: wishes in, messages out."""
