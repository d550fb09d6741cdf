-- dirty: takes the card that should be drawn next.
-- KEYS: dirty cards lm
-- ARGV: 1 op, 2 ttl ms
-- Returns {n, fence, message, open, stamp}, or false when there is none or the lane is busy.
local now = clock()
local lm = call('HMGET', KEYS[3], 'op', 'member', 'until', 'notbefore', 'open', 'fence')
local n, fence, open
if lm[2] and lm[2] ~= '' and tonumber(lm[3]) > now then
  if lm[1] ~= ARGV[1] then return false end
  n, fence, open = string.match(lm[2], '^card|(%d+)$'), lm[6], lm[5] -- the reply was lost: the same one again
  if not n then return false end
  local c = call('HMGET', KEYS[2], n, n .. '.s')
  return {n, fence, c[1] or '', open, c[2]}
end
if tonumber(lm[4] or 0) > now then return false end
n = call('ZRANGE', KEYS[1], 0, 0)[1]
if not n then return false end
local c = call('HMGET', KEYS[2], n, n .. '.s', n .. '.i')

open = c[3] and '1' or '0'
fence = call('HINCRBY', KEYS[3], 'fence', 1)
call('HSET', KEYS[3], 'op', ARGV[1], 'member', 'card|' .. n, 'until', string.format('%.0f', now + ARGV[2]), 'open', open)
if not c[1] then call('HSET', KEYS[2], n .. '.i', '1') end
return {n, fence, c[1] or '', open, c[2]}
