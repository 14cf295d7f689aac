"""A member's way through the center: admitted, paused, welcomed back, transferred, discharged, readmitted.

Each verb is one change: all of it, or nothing. Its outcome says what it did, and its memory how to undo it.
"""
