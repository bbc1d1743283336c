"""What a fugitive drives on and what closes it: streets, waters, posts, units, ways out."""
