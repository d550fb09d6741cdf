-- The writes of put.lua, take.lua and handled.lua for one letter in one call, without their checks.
-- KEYS: stream raw of key hand first
local id = ARGV[1] .. ':0001700000000000'
redis.call('HSET', KEYS[2], id, ARGV[2])
redis.call('HSET', KEYS[3], id, '0 ' .. ARGV[1])
redis.call('HSET', KEYS[6], ARGV[1], id)
local entry = redis.call('XADD', KEYS[1], '*', 'l', id)
redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[3])
redis.call('SET', KEYS[4] .. ':took', id, 'PX', 8000)
redis.call('ZADD', KEYS[5], 1, id)
redis.call('HSET', KEYS[3], id, '1 ' .. ARGV[1])
redis.call('XDEL', KEYS[1], entry)
local raw = redis.call('HGET', KEYS[2], id)
redis.call('HDEL', KEYS[2], id)
redis.call('HDEL', KEYS[3], id)
redis.call('ZREM', KEYS[5], id)
redis.call('HDEL', KEYS[6], ARGV[1])
redis.call('PEXPIRE', KEYS[4], ARGV[3])
return raw
