-- counts: a session in numbers.
-- KEYS: session n in open moving parked settling
-- ARGV: codes of the states
-- Returns {last, open, unsettled copies, parked, then for each state: count, score of the oldest} or unknown.
if call('EXISTS', KEYS[1]) == 0 then return 'unknown' end
local copies, seen = call('ZCARD', KEYS[5]), {}
for _, member in ipairs(call('SMEMBERS', KEYS[7])) do
  local n = string.match(member, '^%d+')
  if not ofSession(member) and not seen[n] and not call('ZSCORE', KEYS[5], n) then copies = copies + 1 end
  seen[n] = true
end
local out = {call('GET', KEYS[2]) or '0', call('ZCARD', KEYS[4]), copies, call('ZCARD', KEYS[6])}
for _, code in ipairs(ARGV) do
  local from, to = string.format('%.0f', code * CLASS), '(' .. string.format('%.0f', (code + 1) * CLASS)
  local first = call('ZRANGEBYSCORE', KEYS[3], from, to, 'WITHSCORES', 'LIMIT', 0, 1)
  out[#out+1] = call('ZCOUNT', KEYS[3], from, to)
  out[#out+1] = first[2] or '0'
end
return out
