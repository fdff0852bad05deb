"""The programme of an exhibition or a sharing session: talks, who gives them, and the case studies that are shown."""
