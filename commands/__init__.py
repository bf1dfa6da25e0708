"""The commands of the operator: `flask courses`, `flask center`, `flask worker` ..."""
