"""Django's PostgreSQL backend with a connection's health looked at instead of asked for."""
