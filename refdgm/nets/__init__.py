"""Small networks differentiated by hand, with their tangents."""
