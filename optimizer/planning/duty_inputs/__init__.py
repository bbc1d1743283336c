"""What the sections on duty name, read and checked: villages, names of categories."""
