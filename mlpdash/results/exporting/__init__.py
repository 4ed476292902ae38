"""A net as files of other programs: ONNX, weights, tables, scripts."""
