"""The queue of trainings and the process behind it: all that the web server knows of training."""
