-- owner: takes or renews a lease for its owner, or gives it back.
-- KEYS: lease
-- ARGV: 1 owner, 2 ttl ms (0 gives it back)
-- Returns 1 when owner has it now, else 0.
local owner = call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end

if ARGV[2] == '0' then
  call('DEL', KEYS[1])
  return 0
end
call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
