"""Where sessions are held: sites and their rooms, and rooms that are only a link."""
