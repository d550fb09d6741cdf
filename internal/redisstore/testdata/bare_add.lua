-- The writes of add.lua without its checks: what benchmarks compare with.
local n = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], ARGV[1], n)
redis.call('HSET', KEYS[3], n .. '.v', 1, n .. '.doc', ARGV[2], n .. '.h', ARGV[3], n .. '.op', ARGV[4], n .. '.f', '1000')
redis.call('ZADD', KEYS[4], ARGV[5], n)
redis.call('ZADD', KEYS[5], n, n)
redis.call('XADD', KEYS[6], '*', 'n', n, 'v', 1, 'verb', 'ask', 'role', 'asker', 't', ARGV[6], 'prev', '', 'c', ARGV[3])
redis.call('HSET', KEYS[7], n .. ':1', ARGV[7])
redis.call('PUBLISH', ARGV[8], ARGV[9])
return {1, n}
