"""The service itself. Each package may use those before it: people, places, schedule, enrollment,
roster, planning, attendance, calendars, mutual_help."""
