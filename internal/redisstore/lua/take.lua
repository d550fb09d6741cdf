-- take: gives out letters: those whose holder's time is over, then new ones, the oldest first.
-- KEYS: inbox raw of hand
-- ARGV: 1 op, 2 most, 3 ms in hand
-- Returns {id, key, tries, raw, …}, or the ms until the first holder's time is over (0: nobody holds one).
local now, most = clock(), tonumber(ARGV[2])
local time = string.format('%.0f', now)

-- older: the order of ids, two numbers each.
local function older(a, b)
  local ams, as = string.match(a, '(%d+)-(%d+)')
  local bms, bs = string.match(b, '(%d+)-(%d+)')
  if ams ~= bms then return tonumber(ams) < tonumber(bms) end
  return tonumber(as) < tonumber(bs)
end

-- parts: tries, op and key of a letter.
local function parts(id)
  return string.match(call('HGET', KEYS[3], id) or '0 - ', '^(%d+) (%S+) (.*)$')
end

-- again: what this op was given, when the reply was lost.
local function again()
  local ids = {}
  for _, id in ipairs(call('ZRANGEBYSCORE', KEYS[4], '(' .. time, '+inf')) do
    local _, op = parts(id)
    if op == ARGV[1] then ids[#ids+1] = id end
  end
  return ids
end

-- waiting: what may be given out now.
local function waiting()
  local ids = call('ZRANGEBYSCORE', KEYS[4], '-inf', time, 'LIMIT', 0, most)
  table.sort(ids, older)
  if #ids < most then
    for _, entry in ipairs(call('XRANGE', KEYS[1], '-', '+', 'COUNT', most - #ids)) do ids[#ids+1] = entry[1] end
  end
  return ids
end

-- found: puts letters back that are neither in the stream nor in hand: somebody deleted a key.
local function found()
  for _, id in ipairs(call('HKEYS', KEYS[2])) do
    if not call('ZSCORE', KEYS[4], id) and #call('XRANGE', KEYS[1], id, id) == 0 then
      call('ZADD', KEYS[4], string.match(id, '%d+'), id)
    end
  end
end

local ids, repeated = again(), true
if #ids == 0 then
  repeated = false
  if call('HLEN', KEYS[2]) > call('XLEN', KEYS[1]) + call('ZCARD', KEYS[4]) then found() end
  ids = waiting()
end
if #ids == 0 then
  local first = call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')
  return first[2] and first[2] - now or 0
end

local out, until_ = {}, string.format('%.0f', now + ARGV[3])
for _, id in ipairs(ids) do
  local raw = call('HGET', KEYS[2], id)
  local tries, _, key = parts(id)
  if raw then
    if not repeated then tries = tries + 1 end
    call('ZADD', KEYS[4], until_, id)
    call('HSET', KEYS[3], id, tries .. ' ' .. ARGV[1] .. ' ' .. key)
    for _, x in ipairs({id, key, tries, raw}) do out[#out+1] = x end
  else -- its text is gone, so there is nothing to handle
    call('ZREM', KEYS[4], id)
  end
  call('XDEL', KEYS[1], id)
end
if #out == 0 then return 1 end
return out
