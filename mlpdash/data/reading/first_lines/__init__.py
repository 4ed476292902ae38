"""What the first lines of a text say: delimiter, header, units, decimal mark, where rows begin."""
