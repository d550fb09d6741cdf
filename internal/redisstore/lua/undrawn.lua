-- undrawn: ends the lease of a card that was not drawn.
-- KEYS: dirty cards leases calls
-- ARGV: 1 class, 2 fence, 3 n, 4 its message at the lease or "", 5 stamp, 6 later | unsure | refused | lost | gone, 7 wait ms
-- Returns ok | fenced.
local now, n, why = clock(), ARGV[3], ARGV[6]
local fenced = fencing(KEYS[3], ARGV[1], ARGV[2], n)
if fenced then return fenced end

giveBack(KEYS[3], ARGV[1], ARGV[2], now, tonumber(ARGV[7]))
if ARGV[4] == '' and why ~= 'unsure' and why ~= 'lost' then call('HDEL', KEYS[2], n .. '.i') end
local c = call('HMGET', KEYS[2], n, n .. '.s')
if why == 'gone' and c[1] == ARGV[4] then
  call('HDEL', KEYS[2], n)
  call('ZREM', KEYS[4], n)
end
again(KEYS[1], KEYS[2], n, ARGV[5])
if why == 'lost' and not c[1] then
  call('ZADD', KEYS[1], LOST * CLASS + n, n)
elseif why == 'refused' and c[2] == ARGV[5] then
  local class = classed(tonumber(call('ZSCORE', KEYS[1], n)))
  if class == PRESSED then class = OTHER end
  call('ZADD', KEYS[1], class * CLASS + LATE + call('HGET', KEYS[2], n .. '.s'), n)
end
return 'ok'
