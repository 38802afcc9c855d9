"""Two fictional offices whose story is told through the product's own actions."""
