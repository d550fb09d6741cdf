-- touch: a card is out of date without a change of its question.
-- KEYS: dirty cards
-- ARGV: 1 n, 2 a message that is the card, or "", 3 "1" when a lost card is not there: any other is left alone
-- Returns ok | question.
local n, at, anew = ARGV[1], ARGV[2], ARGV[3] == '1'
local c = call('HMGET', KEYS[2], n .. '.s', n)
if not c[1] then return 'question' end
if anew and classed(tonumber(call('ZSCORE', KEYS[1], n) or 0)) ~= LOST then return 'ok' end
if at ~= '' and c[2] and c[2] ~= at then -- it stands elsewhere
  call('HSETNX', KEYS[2], '@' .. at, n)
  return 'ok'
end

call('HINCRBY', KEYS[2], 'seq', 1) -- first, for memory may be full
if at ~= '' then call('HSET', KEYS[2], n, at, '@' .. at, n) end
if anew then call('ZREM', KEYS[1], n) end
if anew or at ~= '' then call('HDEL', KEYS[2], n .. '.i') end
dirt(KEYS[1], KEYS[2], n, OTHER)
return 'ok'
