"""How numbers and dates look on screen, where Django has another habit."""
