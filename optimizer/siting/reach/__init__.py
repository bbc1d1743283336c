"""From places and times to who reaches whom: standards, circles, crowds of customers, degrees."""
