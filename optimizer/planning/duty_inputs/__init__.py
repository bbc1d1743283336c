"""What the sections on duty name, read and checked: crews, patrols, zones, villages."""
