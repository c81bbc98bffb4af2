"""What a roster workbook must fulfil: pure checks, one file per sheet. Nothing here knows Django or a database."""
