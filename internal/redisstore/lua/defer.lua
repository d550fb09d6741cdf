-- defer: gives a lease back without an outcome.
-- KEYS: d lanes settling lane lm
-- ARGV: 1 fence, 2 member, 3 wait ms, 4 keep "1", 5 name of the lane
-- Returns ok | fenced.
local now = clock()
local lm = call('HMGET', KEYS[5], 'fence', 'member', 'ended', 'notbefore')
if lm[3] == ARGV[1] then return 'ok' end
if lm[1] ~= ARGV[1] or lm[2] ~= ARGV[2] then return 'fenced' end
local wait = tonumber(ARGV[3])
local until_ = math.max(tonumber(lm[4] or 0), wait > 0 and now + wait or 0)

call('HSET', KEYS[5], 'member', '', 'until', 0, 'ended', ARGV[1], 'notbefore', string.format('%.0f', until_))
if ARGV[4] == '1' then return 'ok' end
local tries = intent(call('HGET', KEYS[1], ARGV[2] .. '|i'))
call('HSET', KEYS[1], ARGV[2] .. '|i', tries .. ' 0 -')
local w = call('HGET', KEYS[1], ARGV[2] .. '|w')
if not w or string.sub(w, 1, 1) == '-' then gone(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[5], ARGV[2]) end
return 'ok'
