-- reserve: takes places for a time, in place of what the session held before.
-- KEYS: agenda
-- ARGV: 1 session id, 2 start ms, 3 end ms, 4 free "1", 5… places
-- Returns ok, or {id} of the session that has one of the places then.
-- An entry is start, end and places, each on a line; a freed one is empty.
local mine, from, to = {}, tonumber(ARGV[2]), tonumber(ARGV[3])
for i = 5, #ARGV do mine[ARGV[i]] = true end
local all = ARGV[4] == '1' and {} or call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local lines = {}
  for line in string.gmatch(all[i+1], '[^\n]+') do lines[#lines+1] = line end
  if all[i] ~= ARGV[1] and #lines > 2 and from < tonumber(lines[2]) and tonumber(lines[1]) < to then
    for j = 3, #lines do
      if mine[lines[j]] then return {all[i]} end
    end
  end
end

local entry = ''
if ARGV[4] ~= '1' then
  entry = ARGV[2] .. '\n' .. ARGV[3]
  for i = 5, #ARGV do entry = entry .. '\n' .. ARGV[i] end
end
call('HSET', KEYS[1], ARGV[1], entry)
return 'ok'
