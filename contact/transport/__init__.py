"""How a browser hears of a line. The database is the truth; everything here only knocks."""
