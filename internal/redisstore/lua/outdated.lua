-- outdated: what a desk lane has to do.
-- KEYS: dirty cards leases calls
-- Returns for each class, and then for the calls: how many may be done, whether somebody is at it "1".
local now = clock()
local all = {}
for class = PRESSED, OTHER do
  local n = 0
  if not waiting(KEYS[1], KEYS[2], KEYS[3], class, now) then n = call('ZCOUNT', KEYS[1], lined(class)) end
  all[#all+1] = n
  all[#all+1] = held(leased(KEYS[3], class), now) and '1' or '0'
end
all[#all+1] = rest(KEYS[3], CALLS, now) > 0 and 0 or call('ZCARD', KEYS[4])
all[#all+1] = held(leased(KEYS[3], CALLS), now) and '1' or '0'
return all
