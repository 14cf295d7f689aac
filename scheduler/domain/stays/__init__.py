"""A member's time in a program, from admission to discharge, and its pauses."""
