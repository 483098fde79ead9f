"""From a function to its derivatives: gradients, Jacobians, products with them; names and conventions are those of JAX."""
