-- handled: forgets a letter. It frees memory, so it works when memory is full.
-- KEYS: inbox raw of hand key
-- ARGV: 1 id, 2 ms for which the key stays known
call('HDEL', KEYS[2], ARGV[1])
call('HDEL', KEYS[3], ARGV[1])
call('ZREM', KEYS[4], ARGV[1])
call('XDEL', KEYS[1], ARGV[1]) -- it is there again when a failover lost that it was given out
call('PEXPIRE', KEYS[5], ARGV[2])
return 'ok'
