"""Numbers of the tumor: clones, mutation, growth, sites."""
