"""A made-up sales team's two years, drawn from a stated ground truth."""
