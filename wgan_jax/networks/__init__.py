"""Networks: layers first, then the architectures built of them. One signature: (input, label, *, train)."""
