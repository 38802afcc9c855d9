"""What things are called: the lists an office keeps, and how their values are renamed, merged and retired."""
