"""What happens to a member, as one action each: admitted, held, back, moved, discharged, readmitted."""
