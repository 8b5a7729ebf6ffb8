"""What is wrong with an image: opening it, reading its layers, judging it."""
