"""Who leads: posts in a series, and the duties that follow from them."""
