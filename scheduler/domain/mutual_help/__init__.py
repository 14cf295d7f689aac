"""Meetings that no center runs: fellowships, type codes, and lists of meetings read from files."""
