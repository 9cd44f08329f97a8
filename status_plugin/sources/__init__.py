"""Where facts come from: the content folder, the monitoring systems, and what is remembered of them."""
