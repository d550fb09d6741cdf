-- token: takes one call from a budget. A repeated command takes one more, which only slows down.
-- KEYS: calls hold
-- ARGV: 1 most, 2 per µs
-- Returns the µs to wait; 0 is go.
local now, per = micros(), tonumber(ARGV[2])
local free = tonumber(call('GET', KEYS[2]) or 0)
local oldest = call('LINDEX', KEYS[1], -ARGV[1])
if oldest then free = math.max(free, tonumber(oldest) + per) end
if free > now then return math.ceil(free - now) end

call('RPUSH', KEYS[1], string.format('%.0f', now))
call('LTRIM', KEYS[1], -ARGV[1], -1)
call('PEXPIRE', KEYS[1], math.ceil(per / 1000) + 1000)
return 0
