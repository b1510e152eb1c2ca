"""The shape of MNIST: what every image has, and how many answers there are."""

IMAGE_SIDE = 28
PIXELS = IMAGE_SIDE**2
DIGITS = 10
