"""Pictures for the README, and what makes them."""
