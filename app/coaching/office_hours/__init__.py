"""Weekly hours with exceptions, booked in advance or by a queue on the day."""
