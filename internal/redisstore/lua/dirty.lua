-- dirty: takes the card of a class that should be drawn next.
-- KEYS: dirty cards leases
-- ARGV: 1 op, 2 ttl ms, 3 class
-- Returns {n, fence, message, open, stamp}, or false when there is none or the class is busy or waits.
local now, class = clock(), tonumber(ARGV[3])
local l = leased(KEYS[3], class)
if held(l, now) then
  if l[1] ~= ARGV[1] then return false end
  local c = call('HMGET', KEYS[2], l[2], l[2] .. '.s') -- the reply was lost: the same one again
  return {l[2], l[5], c[1] or '', l[4], c[2]}
end
if waiting(KEYS[1], KEYS[2], KEYS[3], class, now) then return false end
local from, to = lined(class)
local n = call('ZRANGEBYSCORE', KEYS[1], from, to, 'LIMIT', 0, 1)[1]
if not n then return false end
local c = call('HMGET', KEYS[2], n, n .. '.s', n .. '.i')

local open = c[3] and not c[1] and '1' or '0'
local fence = take(KEYS[3], class, ARGV[1], n, now + ARGV[2], open)
if not c[1] then call('HSET', KEYS[2], n .. '.i', '1') end
return {n, fence, c[1] or '', open, c[2]}
