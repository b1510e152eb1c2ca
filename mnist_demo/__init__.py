"""Train the small Keras network of the classic MNIST notebook live, and draw digits for it."""
