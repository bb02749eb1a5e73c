"""How far blind readers agree: coefficients with their uncertainty, and the disagreements behind each of them."""
