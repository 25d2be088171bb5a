"""The parameters of the whole model: files, the fit over them, the user over both."""
