-- call: takes the call that should be posted next and writes the intent.
-- KEYS: calls cards leases
-- ARGV: 1 op, 2 ttl ms
-- Returns {n, fence, message, wanted, open, tries}, or false when there is none or the calls are busy or wait.
local now = clock()
local l = leased(KEYS[3], CALLS)
local mine = held(l, now) and l[1] == ARGV[1] -- the reply was lost: the same one again
if not mine and (held(l, now) or rest(KEYS[3], CALLS, now) > 0) then return false end
local n = mine and l[2] or call('ZRANGE', KEYS[1], 0, 0)[1]
if not n then return false end
local c = call('HMGET', KEYS[2], n, n .. '.w', n .. '.ci', n .. '.ct')
local wanted = c[2] or '0'

local open, fence, tries = l[4], l[5], c[4]
if not mine then
  open = c[3] == wanted and '1' or '0'
  fence = take(KEYS[3], CALLS, ARGV[1], n, now + ARGV[2], open)
  tries = (open == '1' and tonumber(tries or 0) + 1) or 0
  call('HSET', KEYS[2], n .. '.ci', wanted, n .. '.ct', tries)
end
return {n, fence, c[1] or '', wanted, open, tries}
