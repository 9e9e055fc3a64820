"""A team chat in one terminal: several members, DMs and channels, buttons, forms and a virtual clock."""
