"""Composing and delivering messages; knows nothing of the web."""
