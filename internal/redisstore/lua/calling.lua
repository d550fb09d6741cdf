-- calling: writes the intent to post a call.
-- KEYS: calls cards leases
-- ARGV: 1 fence, 2 n, 3 number of the call
-- Returns ok | fenced.
local fenced = fencing(KEYS[3], CALLS, ARGV[1], ARGV[2])
if fenced then return fenced end

call('HSET', KEYS[2], ARGV[2] .. '.ci', ARGV[3])
return 'ok'
