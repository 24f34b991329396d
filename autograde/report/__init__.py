"""What people read: graded notebooks, pages, and tables on the terminal."""
