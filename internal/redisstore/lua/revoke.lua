-- revoke: ends what was made for a person so far. Each time ends what came before it.
-- KEYS: login
-- ARGV: 1 the least to return, 2 ttl ms
-- Returns from when on what is made for them holds, in ms.
local since = math.max(clock(), tonumber(ARGV[1]), tonumber(call('GET', KEYS[1]) or 0) + 1)
call('SET', KEYS[1], string.format('%d', since), 'PX', ARGV[2])
return since
