-- undrawn: ends the lease of cards that were not drawn.
-- KEYS: dirty cards leases calls
-- ARGV: 1 class, 2 fence, 3 unused | later | unsure | refused | lost | gone, 4 wait ms
-- Returns ok | fenced.
local class, why = tonumber(ARGV[1]), ARGV[3]
local fenced = fencing(KEYS[3], class, ARGV[2])
if fenced then return fenced end
local l = leased(KEYS[3], class)

giveBack(KEYS[3], class, ARGV[2], clock(), tonumber(ARGV[4]))
for _, c in ipairs(covered(KEYS[3], class)) do
  if why ~= 'unused' then
    missed(KEYS[1], KEYS[2], KEYS[4], c[1], c[2], l, why)
  elseif l[4] == '0' then
    call('HDEL', KEYS[2], c[1] .. '.i')
  end
end
return 'ok'
