-- add: stores a question once per key and gives it the next number.
-- KEYS: session q n refs in open moving parked drafts log p d lanes unresolved networks [dirty cards] lanes…
-- ARGV: 1 moment at which the session was read, 2 ref, 3 op, 4 most questions that may be open (0 any), 5 channel, 6 wake-up,
--       7 doc, 8 score of in, 9 flags, 10 hash, 11 family, 12… entry (8), 20 cards "1", 21 count of deliveries, …
--       and after these the refs of its original and of its asker, and its network, "" for none, and other forms of the ref
-- Returns {1, n}, or {0|1, n, v, doc, h} for a ref that was seen, or unknown | conflict | full.

-- latest: a list of numbers with n at its end, without the first one when they are more than 50.
local function latest(list, n)
  list = (list and list .. ' ' or '') .. n
  local _, count = string.gsub(list, '%d+', '')
  return count > 50 and string.match(list, ' (.*)$') or list
end

local n = call('HGET', KEYS[4], ARGV[2])
for i = 22 + 6 * ARGV[21] + 3, #ARGV do n = n or call('HGET', KEYS[4], ARGV[i]) end
if n then
  local q = call('HMGET', KEYS[2], n .. '.v', n .. '.doc', n .. '.h', n .. '.op')
  call('HSET', KEYS[4], ARGV[2], n) -- the same again: WAIT is about the writes of its own connection
  return {repeated(q[4], ARGV[3]) and 1 or 0, n, q[1], q[2], q[3]}
end
local session = call('HMGET', KEYS[1], 'v', 'h')
if not session[1] then return 'unknown' end
if moment(session[1], session[2]) ~= ARGV[1] then return 'conflict' end
local limit = tonumber(ARGV[4])
if limit > 0 and call('ZCARD', KEYS[6]) >= limit then return 'full' end

n = call('INCR', KEYS[3])
call('HSET', KEYS[4], ARGV[2], n)
call('HSET', KEYS[2], n .. '.v', ARGV[12], n .. '.doc', ARGV[7], n .. '.h', ARGV[10], n .. '.op', ARGV[3] .. '|', n .. '.f', ARGV[9])
if ARGV[11] ~= '' then call('HSET', KEYS[2], n .. '.k', ARGV[11]) end
call('ZADD', KEYS[5], ARGV[8], padded(n))
flags(6, n, nil, ARGV[9])
entry(KEYS[10], KEYS[11], n, 12)
local lane0 = 16
if ARGV[20] == '1' then
  lane0 = 18
  dirt(KEYS[16], KEYS[17], n, NEW)
  dirt(KEYS[16], KEYS[17], 0, BOARD)
end
local at = deliveries(tonumber(ARGV[21]), 22, KEYS[12], KEYS[13], KEYS[14], lane0, n)
if ARGV[at] ~= '' then call('HSET', KEYS[4], ARGV[at], n) end
found(KEYS[2], n, ARGV[at])
found(KEYS[2], n, ARGV[at+1])
if ARGV[at+1] ~= '' then call('HSET', KEYS[4], ARGV[at+1], latest(call('HGET', KEYS[4], ARGV[at+1]), n)) end
if ARGV[at+2] ~= '' then call('HSET', KEYS[15], n, ARGV[at+2]) end
call('PUBLISH', ARGV[5], ARGV[6])
return {1, n}
