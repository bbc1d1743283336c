"""Who closes which exit and when, and why not sooner."""
