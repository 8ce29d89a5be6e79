"""Small parts that live in the browser: inputs with labels, and the keeper of the address."""
