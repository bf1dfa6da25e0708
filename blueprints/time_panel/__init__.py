"""The framed panel that records time where scripts are off."""
