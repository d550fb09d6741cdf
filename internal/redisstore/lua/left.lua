-- left: what a budget of a calendar day has left.
-- KEYS: spent
-- ARGV: most
-- Returns the units.
return math.max(tonumber(ARGV[1]) - tonumber(call('GET', KEYS[1]) or 0), 0)
