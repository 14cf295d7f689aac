"""What the worker runs; thin."""
