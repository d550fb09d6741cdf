-- drawn: ends the lease of cards that were drawn.
-- KEYS: dirty cards leases calls
-- ARGV: 1 class, 2 fence, then for each card: n, where it was posted or "" for where it stood, number of its call
-- Returns ok, or more when something at the desk may be drawn or called by whoever looks, or fenced.
local now, class = clock(), tonumber(ARGV[1])
local fenced = fencing(KEYS[3], class, ARGV[2])
if fenced then return fenced end
local l, drawn = leased(KEYS[3], class), {}
for i = 3, #ARGV, 3 do drawn[ARGV[i]] = {ARGV[i+1], ARGV[i+2]} end

giveBack(KEYS[3], class, ARGV[2], now, 0)
for _, c in ipairs(covered(KEYS[3], class)) do
  local n, stamp, d = c[1], c[2], drawn[c[1]]
  local at = call('HGET', KEYS[2], n)
  if not d then
    missed(KEYS[1], KEYS[2], KEYS[4], n, stamp, l, 'refused')
  else
    if l[4] ~= '' then call('HDEL', KEYS[2], n .. '.i') end
    if d[1] ~= '' then call('HSET', KEYS[2], '@' .. d[1], n) end
    if not at and d[1] ~= '' then call('HSET', KEYS[2], n, d[1]) end
    if not at or d[1] == '' or at == d[1] then -- else somebody adopted another message meanwhile
      shown(KEYS[1], KEYS[2], KEYS[3], KEYS[4], n, stamp, d[2])
    end
  end
end

-- left: whether nobody has the lease of a line in which something waits.
local function left(line, count) return count > 0 and not held(leased(KEYS[3], line), now) end
for c = PRESSED, OTHER do
  if not waiting(KEYS[1], KEYS[2], KEYS[3], c, now) and left(c, call('ZCOUNT', KEYS[1], lined(c))) then return 'more' end
end
return rest(KEYS[3], CALLS, now) == 0 and left(CALLS, call('ZCARD', KEYS[4])) and 'more' or 'ok'
