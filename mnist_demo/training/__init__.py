"""Keras and TensorFlow, in a process of their own; no other room imports this one."""
