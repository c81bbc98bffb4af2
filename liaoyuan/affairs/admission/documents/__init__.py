"""Papers as files: Word by docxtpl, PDF by weasyprint, a whole case as a zip."""
