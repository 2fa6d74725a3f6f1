"""What is sent to places that the operator names: traces, and reports of bugs. Only here are their libraries known."""
