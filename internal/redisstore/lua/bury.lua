-- bury: puts a letter aside, drops the dead of long ago and counts the rest.
-- KEYS: inbox raw of hand dead grave
-- ARGV: 1 id or "" for none, 2 reason and key, 3 ms for which the dead are kept, 4 most dead
-- Returns how many there are.
local now = clock()
local raw = ARGV[1] ~= '' and call('HGET', KEYS[2], ARGV[1]) -- false when it was handled or buried before

if raw then
  call('ZADD', KEYS[5], string.format('%.0f', now), ARGV[1])
  call('HSET', KEYS[6], ARGV[1], raw, ARGV[1] .. '.why', ARGV[2])
  call('PEXPIRE', KEYS[5], ARGV[3])
  call('PEXPIRE', KEYS[6], ARGV[3])
  call('HDEL', KEYS[2], ARGV[1])
  call('HDEL', KEYS[3], ARGV[1])
  call('ZREM', KEYS[4], ARGV[1])
  call('XDEL', KEYS[1], ARGV[1])
end
local function drop(ids)
  for _, id in ipairs(ids) do
    call('ZREM', KEYS[5], id)
    call('HDEL', KEYS[6], id, id .. '.why')
  end
end
drop(call('ZRANGEBYSCORE', KEYS[5], '-inf', string.format('%.0f', now - ARGV[3])))
drop(call('ZRANGE', KEYS[5], 0, -ARGV[4] - 1))
return call('ZCARD', KEYS[5])
