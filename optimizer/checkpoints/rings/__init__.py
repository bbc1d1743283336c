"""The fewest posts that seal a ring, proven: streets shrunk, cut, and routes as the proof."""
