"""The maille ontology: vocabulary, shapes, rules and JSON-LD context, read with importlib.resources."""
