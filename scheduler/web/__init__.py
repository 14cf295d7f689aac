"""Pages: one package for each audience, and the guard in front of them all."""
