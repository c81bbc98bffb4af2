"""Rules of admission: steps, acts, what is lawful when. Pure: no Django, no database."""
