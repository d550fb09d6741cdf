-- bury: puts a letter aside, lets its sender's next one out, drops the dead of long ago and counts the rest.
-- KEYS: the line, dead, grave
-- ARGV: 1 name or "" for none, 2 reason and key, 3 ms for which the dead are kept, 4 most dead
-- Returns how many there are.
local k, dead, grave, now = line(1), KEYS[WIDTH+1], KEYS[WIDTH+2], clock()
local raw = ARGV[1] ~= '' and call('HGET', k.raw, ARGV[1]) -- false when it was handled or buried before

if raw then
  call('ZADD', dead, string.format('%.0f', now), ARGV[1])
  call('HSET', grave, ARGV[1], raw, ARGV[1] .. '.why', ARGV[2])
  call('PEXPIRE', dead, ARGV[3])
  call('PEXPIRE', grave, ARGV[3])
  leave(k, ARGV[1])
end
local function drop(ids)
  for _, id in ipairs(ids) do
    call('ZREM', dead, id)
    call('HDEL', grave, id, id .. '.why')
  end
end
drop(call('ZRANGEBYSCORE', dead, '-inf', string.format('%.0f', now - ARGV[3])))
drop(call('ZRANGE', dead, 0, -ARGV[4] - 1))
return call('ZCARD', dead)
