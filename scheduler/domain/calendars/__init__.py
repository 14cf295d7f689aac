"""Private calendar feeds: their addresses, and what a person's calendar contains."""
