"""One module a command: its arguments in, its exit status out."""
