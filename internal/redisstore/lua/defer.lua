-- defer: gives a lease back without an outcome.
-- KEYS: d lanes unresolved lane leases
-- ARGV: 1 fence, 2 member, 3 wait ms, 4 unused | known | unknown | behind, 5 name of the lane
-- Returns ok | fenced.
local BEHIND = 9 -- the class after those of deliveries
local fenced = fencing(KEYS[5], COPIES, ARGV[1])
if fenced then return fenced end
local open = leased(KEYS[5], COPIES)[4] == '1'

giveBack(KEYS[5], COPIES, ARGV[1], clock(), tonumber(ARGV[3]))
if ARGV[4] == 'behind' then
  call('ZADD', KEYS[4], 'XX', BEHIND * CLASS + call('HINCRBY', KEYS[1], 'seq', 1), ARGV[2])
  return 'ok'
end
if ARGV[4] == 'unknown' then return 'ok' end
local tries, since, what, at = intent(call('HGET', KEYS[1], ARGV[2] .. '|i'))
if ARGV[4] == 'unused' then tries = tries - 1 end
if ARGV[4] == 'known' or not open then since, what = '0', '-' end
call('HSET', KEYS[1], ARGV[2] .. '|i', tries .. ' ' .. since .. ' ' .. what .. ' ' .. at)
if what ~= '-' then return 'ok' end
tidy(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[5], ARGV[2])
return 'ok'
