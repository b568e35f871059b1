"""What the networks of generative models are made of."""
