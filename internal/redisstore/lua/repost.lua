-- repost: a lost card is not there.
-- KEYS: dirty cards
-- ARGV: 1 n
-- Returns ok | question.
local n = ARGV[1]
if call('HEXISTS', KEYS[2], n .. '.s') == 0 then return 'question' end
local score = call('ZSCORE', KEYS[1], n)
if not score or classed(tonumber(score)) ~= LOST then return 'ok' end

call('HSET', KEYS[2], n .. '.s', call('HINCRBY', KEYS[2], 'seq', 1))
call('HDEL', KEYS[2], n .. '.i')
call('ZREM', KEYS[1], n)
dirt(KEYS[1], KEYS[2], n, OTHER)
return 'ok'
