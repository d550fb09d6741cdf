-- add: stores a question once per key and gives it the next number.
-- KEYS: session q n refs in open moving parked drafts log p d lanes settling [dirty cards] lanes…
-- ARGV: 1 session version, 2 ref, 3 op, 4 most questions (0 any), 5 channel, 6 wake-up,
--       7 doc, 8 score of in, 9 flags, 10 hash, 11 family, 12… entry (7), 19 cards "1", 20 count of deliveries, …
--       and after these the refs of its original and of its asker, "" for none
-- Returns {1, n}, or {0|1, n, v, doc, h} for a ref that was seen, or unknown | conflict | full.

-- latest: a list of numbers with n at its end, without the first one when they are more than 50.
local function latest(list, n)
  list = (list and list .. ' ' or '') .. n
  local _, count = string.gsub(list, '%d+', '')
  return count > 50 and string.match(list, ' (.*)$') or list
end

local n = call('HGET', KEYS[4], ARGV[2])
if n then
  local q = call('HMGET', KEYS[2], n .. '.v', n .. '.doc', n .. '.h', n .. '.op')
  call('HSET', KEYS[4], ARGV[2], n) -- the same again: WAIT is about the writes of its own connection
  return {repeated(q[4], ARGV[3]) and 1 or 0, n, q[1], q[2], q[3]}
end
local version = call('HGET', KEYS[1], 'v')
if not version then return 'unknown' end
if version ~= ARGV[1] then return 'conflict' end
local limit = tonumber(ARGV[4])
if limit > 0 and tonumber(call('GET', KEYS[3]) or 0) >= limit then return 'full' end

n = call('INCR', KEYS[3])
call('HSET', KEYS[4], ARGV[2], n)
call('HSET', KEYS[2], n .. '.v', ARGV[12], n .. '.doc', ARGV[7], n .. '.h', ARGV[10], n .. '.op', ARGV[3] .. '|', n .. '.f', ARGV[9])
if ARGV[11] ~= '' then call('HSET', KEYS[2], n .. '.k', ARGV[11]) end
call('ZADD', KEYS[5], ARGV[8], padded(n))
flags(6, n, nil, ARGV[9])
entry(KEYS[10], KEYS[11], n, 12)
local lane0 = 15
if ARGV[19] == '1' then
  lane0 = 17
  dirt(KEYS[15], KEYS[16], n, NEW)
  dirt(KEYS[15], KEYS[16], 0, BOARD)
end
local at = deliveries(tonumber(ARGV[20]), 21, KEYS[12], KEYS[13], KEYS[14], lane0, n)
if ARGV[at] ~= '' then call('HSET', KEYS[4], ARGV[at], n) end
if ARGV[at+1] ~= '' then call('HSET', KEYS[4], ARGV[at+1], latest(call('HGET', KEYS[4], ARGV[at+1]), n)) end
call('PUBLISH', ARGV[5], ARGV[6])
return {1, n}
