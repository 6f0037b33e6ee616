"""The methods: arrays in, rows in order out. They know nothing of studies."""
