"""What is shown: figures, tables, manifests and folders of results."""
