"""The catalogue, course pages, policies, and what browsers and load balancers ask for."""
