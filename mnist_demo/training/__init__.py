"""Training with Keras in a process of its own, and the web server's side of it."""
