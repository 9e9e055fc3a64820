"""Pictures as PNG: values in, bytes out. They know colours, fonts and sizes, and nothing of the bot."""
