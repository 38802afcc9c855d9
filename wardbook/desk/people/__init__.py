"""The pages about people and organisations: list, contact page, forms, type-ahead. Addresses: `contacts:…`."""
