-- unseen: how many new cards were never posted.
-- KEYS: dirty cards
-- Returns the count.
local from, to = lined(NEW)
local count = 0
for _, n in ipairs(call('ZRANGEBYSCORE', KEYS[1], from, to)) do
  if call('HEXISTS', KEYS[2], n .. '.g') == 0 then count = count + 1 end
end
return count
