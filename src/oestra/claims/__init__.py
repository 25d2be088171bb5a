"""The review as executable claims: each an experiment on the model with a verdict."""
