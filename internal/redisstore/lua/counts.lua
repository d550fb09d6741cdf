-- counts: a session in numbers.
-- KEYS: session n in open moving parked unresolved
-- ARGV: codes of the states
-- Returns as counts in common.lua, or unknown.
if call('EXISTS', KEYS[1]) == 0 then return 'unknown' end
return counts(2, 1)
