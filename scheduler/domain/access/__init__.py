"""What staff and members prove themselves with besides a password: passkeys, second steps, codes, slips."""
