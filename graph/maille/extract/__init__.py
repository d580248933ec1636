"""From an annotated Doc to claims: pair scores, frames, speech, and their assembly."""
