-- adopt: a message is the card of n, unless that stands elsewhere.
-- KEYS: dirty cards
-- ARGV: 1 n, 2 message
-- Returns ok | question.
local n = ARGV[1]
local c = call('HMGET', KEYS[2], n .. '.s', n)
if not c[1] then return 'question' end
if c[2] and c[2] ~= ARGV[2] then
  call('HSETNX', KEYS[2], '@' .. ARGV[2], n)
  return 'ok'
end

stand(KEYS[2], n, ARGV[2])
call('HDEL', KEYS[2], n .. '.i')
dirt(KEYS[1], KEYS[2], n, OTHER)
return 'ok'
