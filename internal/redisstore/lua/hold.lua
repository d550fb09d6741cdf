-- hold: gives out no token of a budget for some time.
-- KEYS: hold
-- ARGV: 1 wait µs
-- Returns ok.
local now, wait = micros(), tonumber(ARGV[1])
if wait <= 0 or tonumber(call('GET', KEYS[1]) or 0) >= now + wait then return 'ok' end

call('SET', KEYS[1], string.format('%.0f', now + wait), 'PX', math.ceil(wait / 1000) + 1000)
return 'ok'
