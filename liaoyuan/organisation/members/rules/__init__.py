"""Pure rules about people: identity, names, admission dates, spans of time. Free of Django."""
