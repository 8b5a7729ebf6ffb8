"""One module per kind of place an image can come from."""
