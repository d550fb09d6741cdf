-- calling: writes the intent to post a call.
-- KEYS: calls cards leases
-- ARGV: 1 fence, 2 n, 3 number of the call
-- Returns ok | fenced.
local fenced = fencing(KEYS[3], CALLS, ARGV[1], ARGV[2])
if fenced then return fenced end

local intent = ARGV[2] .. '.ci'
local same = call('HGET', KEYS[2], intent) == ARGV[3]
call('HSET', KEYS[2], intent, ARGV[3])
if not same then call('HDEL', KEYS[2], ARGV[2] .. '.ct') end
return 'ok'
