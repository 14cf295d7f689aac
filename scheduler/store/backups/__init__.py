"""Backups: what is in the file, how it is written and read, and how each database gives and takes it."""
