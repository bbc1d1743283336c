"""Who stands where beside the platforms: patrol zones, points between platforms, villages."""
