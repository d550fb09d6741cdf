-- call: takes the call that should be posted next.
-- KEYS: calls cards leases
-- ARGV: 1 op, 2 ttl ms
-- Returns {n, fence, message, called, intent, wanted, tries}, or false when there is none or the calls are busy or wait.
local now = clock()
local l = leased(KEYS[3], CALLS)
local mine = held(l, now) and l[1] == ARGV[1] -- the reply was lost: the same one again
if not mine and (held(l, now) or rest(KEYS[3], CALLS, now) > 0) then return false end
local n = mine and l[2] or call('ZRANGE', KEYS[1], 0, 0)[1]
if not n then return false end
local c = call('HMGET', KEYS[2], n, n .. '.c', n .. '.ci', n .. '.w', n .. '.ct')

local fence = mine and l[5] or take(KEYS[3], CALLS, ARGV[1], n, now + ARGV[2], '0')
local tries = c[5] or '0'
if c[3] and not mine then tries = call('HINCRBY', KEYS[2], n .. '.ct', 1) end
return {n, fence, c[1] or '', c[2] or '0', c[3] or '0', c[4] or '0', tries}
