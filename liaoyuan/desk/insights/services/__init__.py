"""What looking at the map leaves behind, and its ground."""
