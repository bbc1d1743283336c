"""What [checkpoints] and its commands read, laid on the streets."""
