-- undrawn: ends the lease of a card that was not drawn, and of what was taken with it.
-- KEYS: dirty cards leases calls
-- ARGV: 1 class, 2 fence, 3 n, 4 its message at the lease or "", 5 stamp, 6 unused | later | unsure | refused | lost | gone, 7 wait ms
-- Returns ok | fenced.
local fenced = fencing(KEYS[3], ARGV[1], ARGV[2], ARGV[3])
if fenced then return fenced end
local all = covered(KEYS[3], ARGV[1]) or {{ARGV[3], ARGV[5]}}
local open = leased(KEYS[3], ARGV[1])[4] == '1'

giveBack(KEYS[3], ARGV[1], ARGV[2], clock(), tonumber(ARGV[7]))
for _, c in ipairs(all) do
  if ARGV[6] ~= 'unused' then
    missed(KEYS[1], KEYS[2], KEYS[4], c[1], c[2], ARGV[4], ARGV[6])
  elseif ARGV[4] == '' and not open then
    call('HDEL', KEYS[2], c[1] .. '.i')
  end
end
return 'ok'
