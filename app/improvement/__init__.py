"""What next: from the gaps of a team to a plan, the help it got, what came of it, and the story that the next team finds."""
