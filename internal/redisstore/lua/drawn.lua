-- drawn: ends the lease of a card.
-- KEYS: dirty cards lm
-- ARGV: 1 fence, 2 n, 3 drawn "1", 4 message or "", 5 stamp, 6 wait ms, 7 keep "1"
-- Returns ok | fenced.
local now = clock()
local lm = call('HMGET', KEYS[3], 'fence', 'member', 'ended', 'notbefore')
if lm[3] == ARGV[1] then return 'ok' end
if lm[1] ~= ARGV[1] or lm[2] ~= 'card|' .. ARGV[2] then return 'fenced' end
local wait = tonumber(ARGV[6])
local until_ = math.max(tonumber(lm[4] or 0), wait > 0 and now + wait or 0)

call('HSET', KEYS[3], 'member', '', 'until', 0, 'ended', ARGV[1], 'notbefore', string.format('%.0f', until_))
if ARGV[4] ~= '' then call('HSET', KEYS[2], ARGV[2], ARGV[4]) end
if ARGV[3] == '1' or ARGV[7] ~= '1' then call('HDEL', KEYS[2], ARGV[2] .. '.i') end
if ARGV[3] == '1' and call('HGET', KEYS[2], ARGV[2] .. '.s') == ARGV[5] then call('ZREM', KEYS[1], ARGV[2]) end
return 'ok'
