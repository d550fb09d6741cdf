-- batched: ends the lease of new cards that were posted together.
-- KEYS: dirty cards leases calls
-- ARGV: 1 class, 2 fence, 3 n, 4 stamp, then for each card: n, where it stands, number of its call
-- Returns ok | fenced.
local fenced = fencing(KEYS[3], ARGV[1], ARGV[2], ARGV[3])
if fenced then return fenced end
local all = covered(KEYS[3], ARGV[1]) or {{ARGV[3], ARGV[4]}}
local posted = {}
for i = 5, #ARGV, 3 do posted[ARGV[i]] = {ARGV[i+1], ARGV[i+2]} end

giveBack(KEYS[3], ARGV[1], ARGV[2], clock(), 0)
for _, c in ipairs(all) do
  local n, stamp, p = c[1], c[2], posted[c[1]]
  if not p then
    missed(KEYS[1], KEYS[2], KEYS[4], n, stamp, '', 'refused')
  elseif call('HEXISTS', KEYS[2], n) == 1 then -- somebody adopted another message meanwhile
    call('HSET', KEYS[2], '@' .. p[1], n)
    call('HDEL', KEYS[2], n .. '.i')
  else
    stand(KEYS[2], n, p[1])
    call('HDEL', KEYS[2], n .. '.i')
    shown(KEYS[1], KEYS[2], KEYS[3], KEYS[4], n, stamp, p[2])
  end
end
return 'ok'
