"""From platforms and calls to grids: who owns which ground, how much work it is, how safe."""
