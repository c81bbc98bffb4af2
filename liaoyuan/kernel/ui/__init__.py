"""The shared look: frame, lists, components, the built front end."""
