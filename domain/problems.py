"""Problem reports and grievances: their kinds and states."""

NEW, IN_WORK, ANSWERED, CLOSED = "new", "in work", "answered", "closed"
STATES = {NEW: "New", IN_WORK: "In work", ANSWERED: "Answered", CLOSED: "Closed"}
WAITING = (NEW, IN_WORK)
KINDS = {"problem": "Problem", "grievance": "Grievance"}
LONGEST_TEXT = 5_000
