"""Series, the occurrences made from them, and why one does not take place."""
