"""The database, below the domain: what every table, change and lock has in common."""
