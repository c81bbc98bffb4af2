"""Forms of admission: one for each act."""
