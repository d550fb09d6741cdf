-- called: ends the lease of a call.
-- KEYS: calls cards leases
-- ARGV: 1 fence, 2 n, 3 called | known | unknown | unused, 4 number of the call, 5 posted "1", 6 wait ms
-- Returns ok | fenced.
local now, n, how = clock(), ARGV[2], ARGV[3]
local fenced = fencing(KEYS[3], CALLS, ARGV[1], n)
if fenced then return fenced end
local open = leased(KEYS[3], CALLS)[4] == '1'

giveBack(KEYS[3], CALLS, ARGV[1], now, tonumber(ARGV[6]))
if how == 'unused' and open then
  call('HINCRBY', KEYS[2], n .. '.ct', -1)
elseif how ~= 'unknown' then
  call('HDEL', KEYS[2], n .. '.ci', n .. '.ct')
end
if how == 'known' or how == 'unknown' then call('ZADD', KEYS[1], 'XX', call('HINCRBY', KEYS[2], 'seq', 1), n) end
if how ~= 'called' then return 'ok' end
local c = call('HMGET', KEYS[2], n .. '.c', n .. '.w')
if ARGV[5] == '1' and tonumber(ARGV[4]) > tonumber(c[1] or 0) then call('HSET', KEYS[2], n .. '.c', ARGV[4]) end
if tonumber(c[2] or 0) <= tonumber(ARGV[4]) then call('ZREM', KEYS[1], n) end
return 'ok'
