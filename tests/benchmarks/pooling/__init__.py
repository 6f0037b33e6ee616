"""How far depths hang on the rule by which a probe reads tokens."""
