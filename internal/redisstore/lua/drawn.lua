-- drawn: ends the lease of a card that was drawn.
-- KEYS: dirty cards leases calls
-- ARGV: 1 class, 2 fence, 3 n, 4 its message at the lease or "", 5 stamp, 6 where it was posted or "", 7 number of its call
-- Returns ok | fenced.
local now, n = clock(), ARGV[3]
local fenced = fencing(KEYS[3], ARGV[1], ARGV[2], n)
if fenced then return fenced end

giveBack(KEYS[3], ARGV[1], ARGV[2], now, 0)
if ARGV[4] == '' then
  stand(KEYS[2], n, ARGV[6])
  call('HDEL', KEYS[2], n .. '.i')
end
local c = call('HMGET', KEYS[2], n, n .. '.s', n .. '.c', n .. '.p')
if tonumber(c[4] or 0) <= tonumber(ARGV[5]) then call('HDEL', KEYS[2], n .. '.p') end
if c[1] and tonumber(ARGV[7]) > tonumber(c[3] or 0) then
  call('HSET', KEYS[2], n .. '.w', ARGV[7])
  call('ZADD', KEYS[4], 'NX', call('HINCRBY', KEYS[2], 'seq', 1), n)
end
local last = c[2] == ARGV[5]
if last then call('ZREM', KEYS[1], n) end
for class = PRESSED, OTHER do
  if call('HGET', KEYS[3], class .. '.n') == n then last = false end
end
if not last then again(KEYS[1], KEYS[2], n, ARGV[5]) end
return 'ok'
