"""Who belongs to a series, from when until when."""
