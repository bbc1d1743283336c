"""Something has happened: which exits are closed, and how is whoever fled contained."""
