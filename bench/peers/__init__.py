"""Other optimisers, each as its authors recommend it, behind `suggest` and `observe`."""
