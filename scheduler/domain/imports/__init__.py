"""Lists that a coordinator brings: looked at, applied in one step, taken back."""
