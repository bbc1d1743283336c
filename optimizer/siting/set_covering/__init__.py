"""The fewest sites that reach everybody."""
