"""Which roads close, and when? Rings of posts, sealing, containment, interception."""
