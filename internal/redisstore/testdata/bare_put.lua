-- The writes of put.lua for one letter without its checks: what benchmarks compare with.
-- KEYS: stream raw of key hand first
local id = ARGV[1] .. ':0001700000000000'
redis.call('HSET', KEYS[2], id, ARGV[2])
redis.call('HSET', KEYS[3], id, '0 ' .. ARGV[1])
redis.call('HSET', KEYS[6], ARGV[1], id)
redis.call('XADD', KEYS[1], '*', 'l', id)
redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[3])
return 1
