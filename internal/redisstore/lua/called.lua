-- called: ends the lease of a call.
-- KEYS: calls cards leases
-- ARGV: 1 fence, 2 n, 3 done "1", 4 number of the call or 0, 5 the one that was wanted, 6 wait ms, 7 keep "1"
-- Returns ok | fenced.
local now, n = clock(), ARGV[2]
local fenced = fencing(KEYS[3], CALLS, ARGV[1], n)
if fenced then return fenced end

giveBack(KEYS[3], CALLS, ARGV[1], now, tonumber(ARGV[6]))
if ARGV[7] ~= '1' then call('HDEL', KEYS[2], n .. '.ci', n .. '.ct') end
if ARGV[3] ~= '1' then
  call('ZADD', KEYS[1], 'XX', call('HINCRBY', KEYS[2], 'seq', 1), n)
  return 'ok'
end
local c = call('HMGET', KEYS[2], n .. '.c', n .. '.w')
local number = tonumber(ARGV[4])
if number > tonumber(c[1] or 0) then call('HSET', KEYS[2], n .. '.c', number) end
if tonumber(c[2] or 0) <= math.max(number, tonumber(ARGV[5])) then call('ZREM', KEYS[1], n) end
return 'ok'
