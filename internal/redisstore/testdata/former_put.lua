-- put.lua as it was when a mailbox had one line and nobody knew senders.
-- KEYS: inbox raw of key
-- ARGV: 1 op, 2 key, 3 raw, 4 ms for which the key stays known
local call = redis.call
local op = call('GET', KEYS[4])
if op then
  call('PEXPIRE', KEYS[4], ARGV[4]) -- a write, because WAIT is about the writes of its own connection
  return op == ARGV[1] and 1 or 0
end

local id = call('XADD', KEYS[1], '*', 'l', 1)
while call('HEXISTS', KEYS[2], id) == 1 do -- somebody deleted the stream, which began anew within the millisecond
  call('XDEL', KEYS[1], id)
  id = call('XADD', KEYS[1], '*', 'l', 1)
end
call('HSET', KEYS[2], id, ARGV[3])
call('HSET', KEYS[3], id, '0 - ' .. ARGV[2])
call('SET', KEYS[4], ARGV[1], 'PX', ARGV[4])
return 1
