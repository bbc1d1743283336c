"""What does a bare location model get? Tables of demand, sites and ways, made into a problem."""

from optimizer.instances.instance import InstanceFiles, Needs, read_instance

__all__ = ["InstanceFiles", "Needs", "read_instance"]
