//! The model file: parse, evaluate; distributions; built-in models.
