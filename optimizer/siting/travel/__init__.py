"""Travel times themselves: the least mean (p-median) and the least longest (p-center)."""
