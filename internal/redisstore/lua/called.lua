-- called: ends the lease of a call.
-- KEYS: calls cards leases
-- ARGV: 1 fence, 2 called | known | unknown | unused, 3 number of the call, 4 posted "1", 5 wait ms,
--       6 the message that was posted, 7 the one taken back
-- Returns ok | fenced.
local now, how = clock(), ARGV[2]
local fenced = fencing(KEYS[3], CALLS, ARGV[1])
if fenced then return fenced end
local l = leased(KEYS[3], CALLS)
local n = l[2]

giveBack(KEYS[3], CALLS, ARGV[1], now, tonumber(ARGV[5]))
if how == 'unused' and l[4] == '1' then
  call('HINCRBY', KEYS[2], n .. '.ct', -1)
elseif how ~= 'unknown' then
  call('HDEL', KEYS[2], n .. '.ci', n .. '.ct')
end
if how == 'known' or how == 'unknown' then call('ZADD', KEYS[1], 'XX', call('HINCRBY', KEYS[2], 'seq', 1), n) end
if how ~= 'called' then return 'ok' end
if ARGV[6] ~= '' and n ~= '0' then stands(KEYS[2], n, ARGV[6], true) end
if ARGV[7] ~= '' then stands(KEYS[2], n, ARGV[7], false) end
local c = call('HMGET', KEYS[2], n .. '.c', n .. '.w', n .. '.x', n .. '.m')
if ARGV[4] == '1' and tonumber(ARGV[3]) > tonumber(c[1] or 0) then call('HSET', KEYS[2], n .. '.c', ARGV[3]) end
if c[3] and c[4] then return 'ok' end -- the others have to go as well
if c[3] or tonumber(c[2] or 0) <= tonumber(ARGV[3]) then call('ZREM', KEYS[1], n) end
return 'ok'
