-- handled: forgets a letter and lets its sender's next one out. It frees memory, so it works when memory is full.
-- KEYS: the line, known key
-- ARGV: 1 name, 2 ms for which the key stays known
leave(line(1), ARGV[1])
call('PEXPIRE', KEYS[WIDTH+1], ARGV[2])
return 'ok'
