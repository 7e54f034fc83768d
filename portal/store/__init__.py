"""The portal's own small database: tables, transactions, keys, migrations. Holds no readable case content."""
