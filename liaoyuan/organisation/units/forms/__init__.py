"""Forms of the units app: they read what was typed; the services decide."""
