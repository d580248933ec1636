"""From an article to an annotated spaCy Doc: tokens, sentences, tags, heads, mentions, vectors."""
