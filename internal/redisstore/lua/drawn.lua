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
shown(KEYS[1], KEYS[2], KEYS[3], KEYS[4], n, ARGV[5], ARGV[7])
return 'ok'
