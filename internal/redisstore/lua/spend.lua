-- spend: counts one more under each of several quotas, or under none. A repeated command counts twice, which only
-- slows down.
-- KEYS: of each quota, a STRING: the ms at which all of it may be spent again
-- ARGV: for each quota: most, per ms
-- Returns the ms to wait; 0 is counted.
local now = clock()
local wait, free = 0, {}
for i = 1, #KEYS do
  local most, per = tonumber(ARGV[2*i-1]), tonumber(ARGV[2*i])
  free[i] = math.max(now, tonumber(call('GET', KEYS[i]) or 0)) + per / most
  wait = math.max(wait, free[i] - now - per)
end
if wait >= 1 then return math.ceil(wait) end -- less is what division leaves over

for i = 1, #KEYS do
  call('SET', KEYS[i], string.format('%.3f', free[i]), 'PX', math.ceil(free[i] - now))
end
return 0
