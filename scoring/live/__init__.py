"""Sockets: what happened, told to whoever watches, within a second, from whichever process."""
