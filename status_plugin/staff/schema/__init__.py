"""JSON Schema of what people write, for their editors."""
