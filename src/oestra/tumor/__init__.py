"""The tumor: clones, mutation, lesions and their burden."""
