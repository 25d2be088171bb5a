"""What the site is made of besides the pages of `docs`: generated and executed ones."""
