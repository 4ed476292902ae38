"""The figures of the live board, with the wires from a frame's arrays to their traces."""
