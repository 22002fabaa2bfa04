"""Reading and writing: files, tables and documents."""
