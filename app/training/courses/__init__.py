"""What is taught, and its dates: courses, series, copies, changes of one, of this and later, of all."""
