-- put: stores letters, each once per key. A sender who has letters in one line stays there.
-- KEYS: the staff's line, the public's line, then the key of each letter
-- ARGV: 1 op, 2 ms for which keys stay known, then of each letter: 1 staff or 2 public, sender, key, raw
-- Returns how many of them are new, or were at the first attempt of this op.
local lines, now = {line(1), line(1 + WIDTH)}, micros()
local ops, fresh, old, count = {}, {}, {}, 0
for i = 1, #KEYS - 2 * WIDTH do
  local known = KEYS[2 * WIDTH + i]
  local op = ops[known] or call('GET', known)
  if not op then fresh[#fresh+1] = i else old[#old+1] = known end
  if not op or op == ARGV[1] .. i then count = count + 1 end
  ops[known] = op or '' -- it may be there twice in this call
end

-- place: the line in which a sender's letter waits, and its name: later than those before it.
local function place(l, from, at)
  local other = lines[3 - l]
  local k = call('HEXISTS', other.first, from) == 1 and other or lines[tonumber(l)]
  local last = call('HGET', k.first, from)
  if last then
    last = call('ZREVRANGEBYLEX', k.behind, '(' .. from .. ';', '[' .. from .. ':', 'LIMIT', 0, 1)[1] or last
    at = math.max(at, since(last) + 1)
  end
  return k, named(from, at)
end

for _, i in ipairs(fresh) do
  local a = 3 + 4 * (i - 1)
  local k, id = place(ARGV[a], ARGV[a+1], now + i)
  call('HSET', k.raw, id, ARGV[a+3])
  call('HSET', k.of, id, '0 ' .. ARGV[a+2])
  join(k, id)
  call('SET', KEYS[2 * WIDTH + i], ARGV[1] .. i, 'PX', ARGV[2])
end
for _, known in ipairs(old) do
  call('PEXPIRE', known, ARGV[2]) -- a write, because WAIT is about the writes of its own connection
end
return count
