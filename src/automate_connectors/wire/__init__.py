"""The loopback service: redirected sockets, the replay server, faults and virtual time."""
