"""The trained model: its file, and the arithmetic of encoder and heads in NumPy."""
