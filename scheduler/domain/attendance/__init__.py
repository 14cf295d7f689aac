"""Sheets, marks and headcounts."""
