"""One `.ics` file for each case, the lint of the profile, and the cases themselves."""
