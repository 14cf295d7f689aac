"""Values to bytes and back; the only user of icalendar."""
