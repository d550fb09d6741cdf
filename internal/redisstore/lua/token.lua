-- token: takes one call from each of several budgets, or from none. A repeated command takes one more, which only
-- slows down.
-- KEYS: for each budget: calls hold
-- ARGV: for each budget: most, per µs
-- Returns the µs to wait; 0 is go.
local now = micros()
local free = now
for i = 1, #KEYS, 2 do
  free = math.max(free, tonumber(call('GET', KEYS[i+1]) or 0))
  local oldest = call('LINDEX', KEYS[i], -ARGV[i])
  if oldest then free = math.max(free, tonumber(oldest) + tonumber(ARGV[i+1])) end
end
if free > now then return math.ceil(free - now) end

for i = 1, #KEYS, 2 do
  call('RPUSH', KEYS[i], string.format('%.0f', now))
  call('LTRIM', KEYS[i], -ARGV[i], -1)
  call('PEXPIRE', KEYS[i], math.ceil(ARGV[i+1] / 1000) + 1000)
end
return 0
