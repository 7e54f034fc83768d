"""The field's words as frozen types. No input or output, no web framework, nothing that decides."""
