-- typing: puts what people are typing about a question in the place of what was read.
-- KEYS: q typing
-- ARGV: 1 n, 2 version read of the question, 3 what was read or "", 4 what is typed now or "", 5 ms after which it goes
-- Returns ok | unknown | conflict.
local version = call('HGET', KEYS[1], ARGV[1] .. '.v')
if not version then return 'unknown' end
local is = call('HGET', KEYS[2], ARGV[1]) or ''
if version ~= ARGV[2] or is ~= ARGV[3] and is ~= ARGV[4] then return 'conflict' end

if ARGV[4] == '' then
  call('HDEL', KEYS[2], ARGV[1])
else
  call('HSET', KEYS[2], ARGV[1], ARGV[4])
  call('PEXPIRE', KEYS[2], ARGV[5])
end
return 'ok'
