-- heralded: stores what came of an announcement, or the intent to send it.
-- KEYS: heralds
-- ARGV: 1 its key, 2 fence of the attempt, "" for a person's decision, 3 value as JSON or "" to forget it, 4 intent "1"
-- Returns ok | taken | fenced.
local known = call('HGET', KEYS[1], ARGV[1])
if ARGV[4] == '1' then
  if known == ARGV[3] then
    call('HSET', KEYS[1], ARGV[1], ARGV[3]) -- the same again: WAIT is about the writes of its own connection
    return 'ok'
  end
  if known then return 'taken' end
elseif ARGV[2] ~= '' then
  local fence = known and cjson.decode(known).fence
  if fence ~= ARGV[2] then return 'fenced' end
end

if ARGV[3] == '' then
  call('HDEL', KEYS[1], ARGV[1])
else
  call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 'ok'
