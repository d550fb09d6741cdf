-- Put before every script. Functions only: nothing here runs by itself.
-- In every script each check stands before the first write, and the first write is
-- one that Redis refuses when its memory is full (HDEL, SREM and ZREM are not).

-- CLASS spreads classes of deliveries and cards over the scores of one sorted set.
local CLASS = 4398046511104 -- 2^42

local call = redis.call

-- clock: milliseconds since 1970.
local function clock()
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- micros: microseconds since 1970.
local function micros()
  local t = call('TIME')
  return t[1] * 1000000 + t[2]
end

-- entry: adds a line to the record, at ARGV[at]: version verb role time prev commitment sealed.
local function entry(log, payloads, n, at)
  call('XADD', log, '*', 'n', n, 'v', ARGV[at], 'verb', ARGV[at+1], 'role', ARGV[at+2],
    't', ARGV[at+3], 'prev', ARGV[at+4], 'c', ARGV[at+5])
  call('HSET', payloads, n .. ':' .. ARGV[at], ARGV[at+6])
end

-- padded: n so that members with the same score stand in the order of numbers.
local function padded(n) return string.format('%08d', n) end

-- repeated: whether op is among the last operations, which are kept as "op|op|op|".
local function repeated(ops, op)
  return ops and op ~= '' and string.find('|' .. ops, '|' .. op .. '|', 1, true)
end

-- ops: the last operations with op in front, three UUIDs long.
local function with(ops, op)
  return op .. '|' .. string.sub(ops or '', 1, 74)
end

-- flag: keeps n in or out of an index.
local function flag(key, n, was, is)
  if was == is then return end
  if is == '1' then call('ZADD', key, n, n) else call('ZREM', key, n) end
end

-- flags: the indices open, moving and parked (KEYS[at] and the two after it) after a change of n.
local function flags(at, n, was, is)
  if was == is then return end
  was = was or '0000'
  for i = 1, 3 do flag(KEYS[at+i-1], n, string.sub(was, i, i), string.sub(is, i, i)) end
end

-- dirt: a card is out of date. It keeps its place in line unless the new one is better.
local function dirt(dirty, cards, n, class)
  local stamp = call('HINCRBY', cards, 'seq', 1)
  call('HSET', cards, n .. '.s', stamp)
  local old = call('ZSCORE', dirty, n)
  local score = class * CLASS + stamp
  if not old or score < tonumber(old) then call('ZADD', dirty, score, n) end
end

-- intent: of a copy, from "tries since what"; what is "-" when nothing is open.
local function intent(text)
  if not text then return 0, '0', '-' end
  local tries, since, what = string.match(text, '^(%d+) (%d+) (%S+)$')
  return tonumber(tries), since, what
end

-- gone: takes a copy out of its lane and forgets it.
local function gone(d, lanes, settling, lane, name, member)
  call('HDEL', d, member .. '|w', member .. '|i')
  call('ZREM', lane, member)
  call('SREM', settling, member)
  if call('EXISTS', lane) == 0 then call('SREM', lanes, name) end
end

-- deliver: what a copy wants now. "-" before what is wanted means that it is not due;
-- then the copy stays in the lane only while somebody must find out what became of it.
local function deliver(d, lanes, settling, lane, name, member, class, wanted, due)
  if due ~= '1' then
    local _, _, what = intent(call('HGET', d, member .. '|i'))
    if what == '-' then return gone(d, lanes, settling, lane, name, member) end
    class, wanted = 0, '-' .. wanted
  end
  local seq = call('HINCRBY', d, 'seq', 1)
  call('HSET', d, member .. '|w', wanted)
  call('ZADD', lane, class * CLASS + seq, member)
  call('SADD', lanes, name)
  if due == '1' then call('SREM', settling, member) else call('SADD', settling, member) end
end

-- deliveries: count of them at ARGV[at], six each: index of the lane among KEYS from
-- lane0 on, name of the lane, member, class, wanted, due. Returns where they end.
local function deliveries(count, at, d, lanes, settling, lane0, number)
  for _ = 1, count do
    local member = ARGV[at+2]
    if number then member = number .. member end
    deliver(d, lanes, settling, KEYS[lane0 + ARGV[at]], ARGV[at+1], member, tonumber(ARGV[at+3]), ARGV[at+4], ARGV[at+5])
    at = at + 6
  end
  return at
end
