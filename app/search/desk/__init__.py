"""What editors see of people's searches, and what they make of a query: a redirect to an article, or a wish for one."""
