"""What a facilitator sees and does."""
