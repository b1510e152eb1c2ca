"""MNIST, and how any image or drawing becomes 784 numbers."""
