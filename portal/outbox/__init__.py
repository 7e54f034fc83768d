"""The letterbox: what a person sends is kept sealed, delivered once, and never called sent before it is."""
