-- take: gives out letters of a line: those whose holder's time is over, then new ones, the oldest first.
-- KEYS: the line, what op was given, of the former mailbox: stream raw of hand
-- ARGV: 1 most, 2 ms in hand
-- Returns {name, key, tries, raw, …}, or the ms until the first holder's time is over (0: nobody holds one).
local k, took, now, most = line(1), KEYS[WIDTH+1], clock(), tonumber(ARGV[1])
local time, over = string.format('%.0f', now), string.format('%.0f', now + ARGV[2])

-- parts: tries and key of a letter.
local function parts(id) return string.match(call('HGET', k.of, id) or '0 ', '^(%d+) (.*)$') end

-- older: the order in which letters were put.
local function older(a, b)
  if since(a) ~= since(b) then return since(a) < since(b) end
  return a < b
end

-- mend: puts every letter back in line.
local function mend()
  local ids, news = call('HKEYS', k.raw), {}
  table.sort(ids) -- each sender's in their order
  call('DEL', k.stream, k.first, k.behind)
  for _, id in ipairs(ids) do
    if call('HSETNX', k.first, sender(id), id) == 0 then
      call('ZADD', k.behind, 0, id)
    elseif not call('ZSCORE', k.hand, id) then
      news[#news+1] = id
    end
  end
  for _, id in ipairs(call('ZRANGE', k.hand, 0, -1)) do
    if call('HGET', k.first, sender(id)) ~= id then call('ZREM', k.hand, id) end
  end
  table.sort(news, older)
  for _, id in ipairs(news) do call('XADD', k.stream, '*', 'l', id) end
end

-- former: takes over what was stored when nobody knew senders, as letters of a single one.
local function former(stream, raw, of, hand)
  local ids, was = {}, {}
  for _, old in ipairs(call('HKEYS', raw)) do
    local ms, n = string.match(old, '^(%d+)-(%d+)$')
    local held = call('ZSCORE', hand, old)
    if ms and (not held or tonumber(held) <= now) then
      ids[#ids+1] = named('former', ms * 1000 + n)
      was[ids[#ids]] = old
    end
  end
  table.sort(ids)
  for _, id in ipairs(ids) do
    local old = was[id]
    local tries, key = string.match(call('HGET', of, old) or '0 - ', '^(%d+) %S+ (.*)$')
    call('HSET', k.raw, id, call('HGET', raw, old))
    call('HSET', k.of, id, tries .. ' ' .. key)
    join(k, id)
    call('HDEL', raw, old)
    call('HDEL', of, old)
    call('ZREM', hand, old)
    call('XDEL', stream, old)
  end
end

-- waiting: what may be given out now, and its places in the stream.
local function waiting()
  local ids, entries = call('ZRANGEBYSCORE', k.hand, '-inf', time, 'LIMIT', 0, most), {}
  table.sort(ids, older)
  if #ids < most then
    for _, entry in ipairs(call('XRANGE', k.stream, '-', '+', 'COUNT', most - #ids)) do
      ids[#ids+1], entries[#entries+1] = entry[2][2], entry[1]
    end
  end
  return ids, entries
end

-- again: what this op was given, when the reply was lost.
local out = {}
local function give(id, tries, key, raw)
  for _, x in ipairs({id, key, tries, raw}) do out[#out+1] = x end
end
local function again(given)
  for id in string.gmatch(given, '%S+') do
    local tries, key = parts(id)
    local raw = call('HGET', k.raw, id)
    if raw then give(id, tries, key, raw) end
  end
  return out
end

local given = call('GET', took)
if given then return again(given) end
if call('EXISTS', KEYS[WIDTH+3]) == 1 then former(KEYS[WIDTH+2], KEYS[WIDTH+3], KEYS[WIDTH+4], KEYS[WIDTH+5]) end
local firsts = call('HLEN', k.first)
if call('HLEN', k.raw) ~= firsts + call('ZCARD', k.behind) or firsts ~= call('XLEN', k.stream) + call('ZCARD', k.hand) then mend() end
local ids, entries = waiting()
if #ids == 0 then
  local first = call('ZRANGE', k.hand, 0, 0, 'WITHSCORES')
  return first[2] and first[2] - now or 0
end
call('SET', took, table.concat(ids, ' '), 'PX', ARGV[2])
for _, entry in ipairs(entries) do call('XDEL', k.stream, entry) end
for _, id in ipairs(ids) do
  local tries, key = parts(id)
  local raw = call('HGET', k.raw, id)
  if raw then -- or the numbers differ now
    call('ZADD', k.hand, over, id)
    call('HSET', k.of, id, tries + 1 .. ' ' .. key)
    give(id, tries + 1, key, raw)
  end
end
return out
