-- token: takes what a request costs from each of several budgets, or from none. A repeated command takes it once more,
-- which only slows down.
-- KEYS: for each budget: spent hold
-- ARGV: for each budget: most, per µs, cost, µs at which the calendar day ends that counts instead of per, or 0
-- Returns the µs to wait; 0 is go.
local now = micros()
local free, budgets = now, {}
for i = 1, #KEYS, 2 do
  local at = 2 * (i - 1)
  local b = {spent = KEYS[i], most = tonumber(ARGV[at+1]), per = tonumber(ARGV[at+2]), cost = tonumber(ARGV[at+3]),
    ends = tonumber(ARGV[at+4])}
  budgets[#budgets+1] = b
  free = math.max(free, tonumber(call('GET', KEYS[i+1]) or 0))
  if b.ends > 0 then
    if tonumber(call('GET', b.spent) or 0) + b.cost > b.most then free = math.max(free, b.ends) end
  else
    local oldest = call('LINDEX', b.spent, b.cost - b.most - 1)
    if oldest then free = math.max(free, tonumber(oldest) + b.per) end
  end
end
if free > now then return math.ceil(free - now) end

for _, b in ipairs(budgets) do
  local last = now + b.per
  if b.ends > 0 then
    call('INCRBY', b.spent, b.cost)
    last = b.ends
  else
    for _ = 1, b.cost do call('RPUSH', b.spent, string.format('%.0f', now)) end
    call('LTRIM', b.spent, -b.most, -1)
  end
  call('PEXPIRE', b.spent, math.max(math.ceil((last - now) / 1000), 0) + 1000)
end
return 0
