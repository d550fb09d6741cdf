-- token: takes one call from a budget. A repeated command takes one more, which only slows down.
-- KEYS: budget, which holds when it will be full again, in µs
-- ARGV: 1 interval µs, 2 burst
-- Returns the µs to wait; 0 is go.
local t = call('TIME')
local now = t[1] * 1000000 + t[2]
local full = math.max(tonumber(call('GET', KEYS[1]) or 0), now)
local wait = full - now - (ARGV[2] - 1) * ARGV[1]
if wait > 0 then return math.ceil(wait) end

full = full + ARGV[1]
call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
return 0
