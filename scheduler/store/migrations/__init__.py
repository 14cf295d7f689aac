"""The steps that a database takes from one version to the next."""
