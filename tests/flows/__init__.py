"""Several people, real clients, from one end to the other."""
