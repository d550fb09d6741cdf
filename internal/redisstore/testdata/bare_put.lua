-- The writes of put.lua without its checks: what benchmarks compare with.
local id = redis.call('XADD', KEYS[1], '*', 'l', 1)
redis.call('HSET', KEYS[2], id, ARGV[2])
redis.call('HSET', KEYS[3], id, '0 - ' .. ARGV[1])
redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[3])
return 1
