"""Jobs that are done elsewhere: NATS carries what daemons and workers say, and the database keeps the truth."""
