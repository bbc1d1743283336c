"""The best few posts when the force is too short to seal, and what given posts are worth."""
