"""Something is wrong with somebody who works with me, or where I live: told round whom it is about (V8)."""
