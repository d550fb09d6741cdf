-- defer: gives a lease back without an outcome.
-- KEYS: d lanes settling lane lm
-- ARGV: 1 fence, 2 member, 3 wait ms, 4 unused | known | unknown, 5 name of the lane
-- Returns ok | fenced.
local now = clock()
local lm = call('HMGET', KEYS[5], 'fence', 'member', 'ended', 'notbefore', 'open')
if lm[3] == ARGV[1] then return 'ok' end
if lm[1] ~= ARGV[1] or lm[2] ~= ARGV[2] then return 'fenced' end
local wait = tonumber(ARGV[3])
local until_ = math.max(tonumber(lm[4] or 0), wait > 0 and now + wait or 0)

call('HSET', KEYS[5], 'member', '', 'until', 0, 'ended', ARGV[1], 'notbefore', string.format('%.0f', until_))
if ARGV[4] == 'unknown' then return 'ok' end
local tries, since, what = intent(call('HGET', KEYS[1], ARGV[2] .. '|i'))
if ARGV[4] == 'unused' then tries = tries - 1 end
if ARGV[4] == 'known' or lm[5] ~= '1' then since, what = '0', '-' end
call('HSET', KEYS[1], ARGV[2] .. '|i', tries .. ' ' .. since .. ' ' .. what)
if what ~= '-' then return 'ok' end
tidy(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[5], ARGV[2])
return 'ok'
