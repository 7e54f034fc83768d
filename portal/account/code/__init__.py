"""A code of one's own before what one has written (rules.md R20). Looks the same whether there is one or not."""
