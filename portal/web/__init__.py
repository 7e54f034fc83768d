"""Between Flask and the slices: the gate, pages, forms, headers. Holds no case and decides no right itself."""
