"""One file a kind of report: what is said of it in a line, on a screen, and in a document."""
