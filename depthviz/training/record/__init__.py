"""The record of a training: what each example was predicted as, step by step."""
