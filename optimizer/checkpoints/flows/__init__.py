"""Maximum flows and minimum cuts of networks given as plain arrays."""
