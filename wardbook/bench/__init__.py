"""The figures of the product, measured on a large invented office: `wardbook bench`."""
