-- token: takes what a request costs from each of several budgets, or from none. A repeated command takes it once more,
-- which only slows down.
-- KEYS: for each budget: spent hold
-- ARGV: for each budget: most, per µs, cost, µs at which the calendar day ends that counts instead of per, 0, or -1 for one
-- that is there once and is kept for per, and what must be left of such a day or of all besides
-- Returns the µs to wait; 0 is go, -1 that waiting is for nothing.
local now = micros()
local free, budgets, over = now, {}, false
for i = 1, #KEYS, 2 do
  local at = 5 * (i - 1) / 2
  local b = {spent = KEYS[i], most = tonumber(ARGV[at+1]), per = tonumber(ARGV[at+2]), cost = tonumber(ARGV[at+3]),
    ends = tonumber(ARGV[at+4]), spare = tonumber(ARGV[at+5])}
  budgets[#budgets+1] = b
  free = math.max(free, tonumber(call('GET', KEYS[i+1]) or 0))
  if b.ends ~= 0 then
    local full = tonumber(call('GET', b.spent) or 0) + b.cost + b.spare > b.most
    if full and b.ends < 0 then over = true elseif full then free = math.max(free, b.ends) end
  else
    local oldest = call('LINDEX', b.spent, b.cost - b.most - 1)
    if oldest then free = math.max(free, tonumber(oldest) + b.per) end
  end
end
if over then return -1 end
if free > now then return math.ceil(free - now) end

for _, b in ipairs(budgets) do
  local last = now + b.per
  if b.ends ~= 0 then
    call('INCRBY', b.spent, b.cost)
    if b.ends > 0 then last = b.ends end
  else
    for _ = 1, b.cost do call('RPUSH', b.spent, string.format('%.0f', now)) end
    call('LTRIM', b.spent, -b.most, -1)
  end
  call('PEXPIRE', b.spent, math.max(math.ceil((last - now) / 1000), 0) + 1000)
end
return 0
