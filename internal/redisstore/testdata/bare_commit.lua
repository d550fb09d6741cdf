-- The writes of commit.lua for one question and two copies, without its checks.
local n = ARGV[1]
redis.call('HSET', KEYS[1], n .. '.v', 2, n .. '.doc', ARGV[2], n .. '.h', ARGV[3], n .. '.op', ARGV[4], n .. '.f', '1101')
redis.call('ZADD', KEYS[2], ARGV[5], n)
redis.call('XADD', KEYS[3], '*', 'n', n, 'v', 2, 'verb', 'approve', 'role', 'moderator', 't', ARGV[6], 'prev', ARGV[3], 'c', ARGV[3])
redis.call('HSET', KEYS[4], n .. ':' .. ARGV[5], ARGV[7])
for i = 1, 2 do
  local seq = redis.call('HINCRBY', KEYS[5], 'seq', 1)
  redis.call('HSET', KEYS[5], n .. '|' .. ARGV[7 + i] .. '|w', seq)
  redis.call('ZADD', KEYS[6 + i], seq, n .. '|' .. ARGV[7 + i])
  redis.call('SADD', KEYS[6], ARGV[7 + i])
end
redis.call('PUBLISH', ARGV[10], ARGV[11])
return 'ok'
