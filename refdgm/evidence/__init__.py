"""What is known of a reference and is not its maths: definitions, mistakes, rewrites, variants, cases."""
