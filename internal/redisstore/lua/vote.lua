-- vote: counts a voter's vote or takes it back.
-- KEYS: session q votes voters [dirty cards] of the lane that ARGV[4] names
-- ARGV: 1 n, 2 voter, 3 up "1", 4 name of the cards' lane as last seen or "", 5 early "1"
-- Returns the votes, or unknown | question | over | unaccepted, or {name} of the lane when it is another.
local s = call('HMGET', KEYS[1], 'voting', 'lane')
if not s[1] then return 'unknown' end
local f = call('HGET', KEYS[2], ARGV[1] .. '.f')
if not f then return 'question' end
if s[1] ~= '1' then return 'over' end
local accepted = string.sub(f, 4, 4) == '1'
if not accepted and ARGV[5] ~= '1' then return 'unaccepted' end
if s[2] ~= ARGV[4] then return {s[2]} end
local voter = ARGV[1] .. ':' .. ARGV[2]
local has = call('SISMEMBER', KEYS[4], voter) == 1
if has == (ARGV[3] == '1') then return tonumber(call('HGET', KEYS[3], ARGV[1]) or 0) end

local votes
if has then
  votes = call('HINCRBY', KEYS[3], ARGV[1], -1)
  call('SREM', KEYS[4], voter)
else
  votes = call('HINCRBY', KEYS[3], ARGV[1], 1)
  call('SADD', KEYS[4], voter)
end
if accepted and ARGV[4] ~= '' then dirt(KEYS[5], KEYS[6], ARGV[1], OTHER) end
return votes
