"""Two small news sites to compare ours with: of the same content, made as their kind usually is. Run by ../peers.py."""
