"""What is planned before anything happens: rings, gates, nets around hotspots, standing units."""
