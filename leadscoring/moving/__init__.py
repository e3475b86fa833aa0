"""Carry a whole installation from one database to another, and prove that nothing changed."""
