"""Arrays -> trained nets; nothing here knows files, processes or pages."""
