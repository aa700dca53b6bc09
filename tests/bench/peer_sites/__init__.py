"""Two small news sites to compare ours with: the same content, built as their kind usually is. Run by ../peers.py."""
