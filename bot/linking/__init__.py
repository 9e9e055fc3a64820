"""One person on several platforms: how two members become one, and how an account is taken away again."""
