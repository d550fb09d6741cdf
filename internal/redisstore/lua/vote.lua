-- vote: counts a voter's vote or takes it back, or takes over how many likes a platform counts.
-- KEYS: session q votes voters [dirty cards] of the lane that ARGV[4] names
-- ARGV: 1 n, 2 voter or "", 3 up "1", 4 name of the cards' lane as last seen or "", 5 early "1",
--       6 platform or "", 7 likes that it counts, 8 when it did, in ms
-- Returns the votes, or unknown | question | over | unaccepted, or {name} of the lane when it is another.
local s = call('HMGET', KEYS[1], 'voting', 'lane')
if not s[1] then return 'unknown' end
local f = call('HGET', KEYS[2], ARGV[1] .. '.f')
if not f then return 'question' end
if s[1] ~= '1' then return 'over' end
local accepted = string.sub(f, 4, 4) == '1'
if not accepted and ARGV[5] ~= '1' then return 'unaccepted' end
if s[2] ~= ARGV[4] then return {s[2]} end

-- Of one platform, those who have a name and those who were counted are the same people: the
-- larger number counts.
local platform = ARGV[1] .. ':' .. ARGV[6]
local known = ARGV[6] ~= '' and call('HGET', KEYS[3], platform) or '0 0 0'
local named, counted, at = string.match(known, '^(%d+) (%d+) (%d+)$')
named, counted, at = tonumber(named), tonumber(counted), tonumber(at)
local was, by = math.max(named, counted)
local voter, up = ARGV[1] .. ':' .. ARGV[2], ARGV[3] == '1'
if ARGV[2] == '' then
  if tonumber(ARGV[8]) >= at then counted, at = tonumber(ARGV[7]), tonumber(ARGV[8]) end
  by = math.max(named, counted) - was
else
  if (call('SISMEMBER', KEYS[4], voter) == 1) == up then return tonumber(call('HGET', KEYS[3], ARGV[1]) or 0) end
  by = up and 1 or -1
  named = math.max(0, named + by)
  if was > 0 then by = math.max(named, counted) - was end
end
-- The first write is one that a full server refuses.
if ARGV[6] ~= '' then
  call('HSET', KEYS[3], platform, string.format('%d %d %.0f', named, counted, at))
end
if by ~= 0 then call('HINCRBY', KEYS[1], 'ballots', 1) end
if ARGV[2] ~= '' then call(up and 'SADD' or 'SREM', KEYS[4], voter) end
local votes = call('HINCRBY', KEYS[3], ARGV[1], by)
if by ~= 0 and accepted and ARGV[4] ~= '' then dirt(KEYS[5], KEYS[6], ARGV[1], OTHER) end
return votes
