-- What scripts share: functions and numbers, nothing here runs by itself. A block ends with the only empty line after it;
-- before a script go those that it needs (store.go).
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

-- entry: adds a line to the record, at ARGV[at]: version verb role time prev commitment sealed signature.
local function entry(log, payloads, n, at)
  call('XADD', log, '*', 'n', n, 'v', ARGV[at], 'verb', ARGV[at+1], 'role', ARGV[at+2],
    't', ARGV[at+3], 'prev', ARGV[at+4], 'c', ARGV[at+5], 's', ARGV[at+7])
  call('HSET', payloads, n .. ':' .. ARGV[at], ARGV[at+6])
end

-- moment: which version of a document it is, and of which history: after a failover another one may have come as far.
local function moment(version, head) return version .. ' ' .. (head or '') end

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

-- flags: the indices open, moving, parked and drafts (KEYS[at] and the three after it) after a
-- change of n. What follows the four flags is the ms at which its draft is due, or nothing.
local function flags(at, n, was, is)
  if was == is then return end
  was = was or '0000'
  for i = 1, 3 do flag(KEYS[at+i-1], n, string.sub(was, i, i), string.sub(is, i, i)) end
  local due = string.sub(is, 5)
  if due == string.sub(was, 5) then return end
  if due ~= '' then call('ZADD', KEYS[at+3], due, padded(n)) else call('ZREM', KEYS[at+3], padded(n)) end
end

-- The lines of cards that are out of date, as in connector.CardClass; LOST are held for
-- a person. OVER is behind all the numbers of questions: there is what nobody waits for; and LATE behind that.
local PRESSED, BOARD, NEW, OTHER, LOST, OVER, LATE = 0, 1, 2, 3, 4, 549755813888, 1099511627776 -- 2^39, 2^40

-- classed: the class that a score in dirty is of; nil for none.
local function classed(score) return score and math.floor(score / CLASS) end

-- fits: whether a card may be in the line of a class.
local function fits(n, class, posted)
  if n == '0' then return class == BOARD end
  return class ~= LOST and (class == NEW) == not posted
end

-- primary: the name that this server has as a primary, how many follow it, and whether it followed another one before;
-- nil where that may not be asked.
local function primary()
  local info = redis.pcall('INFO', 'replication')
  if type(info) ~= 'string' then return nil, 0, false end
  return string.match(info, 'master_replid:(%w+)'), tonumber(string.match(info, 'connected_slaves:(%d+)') or 0),
    string.match(info, 'master_replid2:0*[1-9a-f]') ~= nil
end

-- dirt: a card is out of date. It keeps its place in line unless the new one is better, or nobody waits for its
-- question any more and no press on it is to be shown. The first one of a desk says at which primary, and with how many
-- replicas, cards get into line there; look.lua keeps that up.
local function dirt(dirty, cards, n, class)
  n = tostring(n)
  local stamp = call('HINCRBY', cards, 'seq', 1)
  call('HSET', cards, n .. '.s', stamp)
  if class == PRESSED then call('HSET', cards, n .. '.p', stamp) end
  local posted = call('HEXISTS', cards, n) == 1
  if not posted and call('HEXISTS', cards, 'at') == 0 then
    local id, followers = primary()
    call('HSET', cards, 'at', (id or '') .. ' ' .. followers)
  end
  local old = call('ZSCORE', dirty, n)
  old = old and tonumber(old)
  if classed(old) == LOST and not posted then return end
  local score = class * CLASS + stamp
  if n == '0' then
    score = BOARD * CLASS
  elseif not posted then
    score = NEW * CLASS + tonumber(n)
  end
  local over = n ~= '0' and (class ~= PRESSED or not posted) and call('HEXISTS', cards, n .. '.d') == 1
  if over then score = score + OVER end
  over = over and old and classed(old) ~= PRESSED and old % CLASS < OVER
  if not old or over or score < old or not fits(n, classed(old), posted) then call('ZADD', dirty, score, n) end
end

-- again: a card is out of date after a lease that may not have the last word.
local function again(dirty, cards, n, stamp)
  local pressed = tonumber(call('HGET', cards, n .. '.p') or 0)
  dirt(dirty, cards, n, pressed > tonumber(stamp) and PRESSED or OTHER)
end

-- stands: remembers that a call of a card stands, or not any more. Their messages have no spaces.
local function stands(cards, n, message, is)
  local left = ''
  for m in string.gmatch(call('HGET', cards, n .. '.m') or '', '%S+') do
    if m ~= message then left = left .. m .. ' ' end
  end
  if is then left = left .. message end
  if left == '' then call('HDEL', cards, n .. '.m') else call('HSET', cards, n .. '.m', left) end
end

-- shown: a card shows what it should as of a stamp, drawn with the call of a number. It
-- stays dirty when it went out of date meanwhile or somebody else is drawing it.
local function shown(dirty, cards, leases, calls, n, stamp, number)
  local c = call('HMGET', cards, n, n .. '.s', n .. '.c', n .. '.p')
  if tonumber(c[4] or 0) <= tonumber(stamp) then call('HDEL', cards, n .. '.p') end
  if tonumber(number) < 0 then -- its calls are taken back, also one that somebody may be posting
    local m = call('HMGET', cards, n .. '.m', n .. '.ci')
    call('HSET', cards, n .. '.x', '1')
    if m[1] or m[2] then call('ZADD', calls, 'NX', call('HINCRBY', cards, 'seq', 1), n) else call('ZREM', calls, n) end
  else
    local calling = c[1] and tonumber(number) > tonumber(c[3] or 0)
    if call('HDEL', cards, n .. '.x') == 1 and not calling then call('ZREM', calls, n) end -- what stands may stay
    if calling then
      call('HSET', cards, n .. '.w', number)
      call('ZADD', calls, 'NX', call('HINCRBY', cards, 'seq', 1), n)
    end
  end
  local last = c[2] == stamp
  if last then call('ZREM', dirty, n) end
  for class = PRESSED, OTHER do
    if call('HGET', leases, class .. '.n') == n then last = false end
  end
  if not last then again(dirty, cards, n, stamp) end
end

-- missed: a card was not drawn under a lease.
local function missed(dirty, cards, calls, n, stamp, lease, why)
  if lease[4] ~= '' and why ~= 'unsure' and why ~= 'lost' then call('HDEL', cards, n .. '.i') end
  local c = call('HMGET', cards, n, n .. '.s')
  if why == 'gone' and c[1] == lease[6] then
    call('HSET', cards, n .. '.g', '1')
    call('HDEL', cards, n)
    call('ZREM', calls, n)
  end
  again(dirty, cards, n, stamp)
  if why == 'lost' and not c[1] then
    call('ZADD', dirty, LOST * CLASS + n, n)
  elseif why == 'refused' and c[2] == stamp then
    local class = classed(tonumber(call('ZSCORE', dirty, n)))
    if class == PRESSED then class = OTHER end
    call('ZADD', dirty, class * CLASS + LATE + call('HGET', cards, n .. '.s'), n)
  end
end

-- covered: the cards that a lease took, as {n, stamp}, its own first.
local function covered(leases, class)
  local all = {}
  for n, stamp in string.gmatch(call('HGET', leases, class .. '.cards') or '', '(%d+):(%d+)') do all[#all+1] = {n, stamp} end
  return all
end

-- Leases are fields of a hash, for each class of cards, CALLS, or COPIES in a hash of their lane's own.
local CALLS, COPIES = 4, 5

-- rest: the ms until a class may go on after a wait.
local function rest(leases, class, now)
  return math.max(tonumber(call('HGET', leases, class .. '.notbefore') or 0) - now, 0)
end

-- held: whether somebody else has the lease of a class now.
local function held(lease, now) return lease[2] and lease[2] ~= '' and tonumber(lease[3]) > now end

-- leased: op, n (or copy), until, open, fence and message of the lease of a class. open is "1" when a former holder may
-- have posted, "0" when nobody has, "" when it is the edit of a card.
local function leased(leases, class)
  local c = class .. '.'
  return call('HMGET', leases, c .. 'op', c .. 'n', c .. 'until', c .. 'open', c .. 'fence', c .. 'at')
end

-- take: leases n for a class, with the cards that it covers. Returns the fence.
local function take(leases, class, op, n, until_, open, cards, at)
  -- the hash of a lane may go, and no fence that was given before is given again
  local first = class == COPIES and call('HEXISTS', leases, 'fence') == 0
  local c, fence = class .. '.', call('HINCRBY', leases, 'fence', first and string.format('%.0f', clock()) or 1)
  fence = string.format('%.0f', fence)
  call('HSET', leases, c .. 'op', op, c .. 'n', n, c .. 'until', string.format('%.0f', until_), c .. 'open', open, c .. 'fence', fence,
    c .. 'cards', cards, c .. 'at', at)
  return fence
end

-- fencing: ok when the lease of a class was given back already, fenced when it is
-- another's, or nil.
local function fencing(leases, class, fence)
  local l = call('HMGET', leases, class .. '.ended', class .. '.fence')
  if l[1] == fence then return 'ok' end
  if l[2] ~= fence then return 'fenced' end
end

-- giveBack: ends the lease of a class; nobody has the next one before wait is over.
local function giveBack(leases, class, fence, now, wait)
  local c = class .. '.'
  local before = now + math.max(rest(leases, class, now), wait)
  call('HSET', leases, c .. 'n', '', c .. 'until', 0, c .. 'ended', fence, c .. 'notbefore', string.format('%.0f', before))
end

-- gated: whether new cards wait for the board, which was neither posted nor tried.
local function gated(dirty, cards, leases, now)
  local board = call('ZSCORE', dirty, '0')
  return board and classed(tonumber(board)) == BOARD and call('HEXISTS', cards, '0') == 0 and rest(leases, BOARD, now) == 0
end

-- waiting: whether a class of cards may draw nothing now.
local function waiting(dirty, cards, leases, class, now)
  return rest(leases, class, now) > 0 or class == NEW and gated(dirty, cards, leases, now)
end

-- lined: the scores of a class in dirty, or of a state in in.
local function lined(class)
  return string.format('%.0f', class * CLASS), '(' .. string.format('%.0f', (class + 1) * CLASS)
end

-- ofSession: whether a copy is the session's own.
local function ofSession(member) return string.sub(member, 1, 2) == '0|' end

-- counts: {last, open, copies on their way, parked, then for each state: count, score of the oldest}. KEYS from at on: n in
-- open moving parked unresolved; ARGV from first on: codes of the states.
local function counts(at, first)
  local copies, seen = call('ZCARD', KEYS[at+3]), {}
  for _, member in ipairs(call('SMEMBERS', KEYS[at+5])) do
    local n = string.match(member, '^%d+')
    if not ofSession(member) and not seen[n] and not call('ZSCORE', KEYS[at+3], n) then copies = copies + 1 end
    seen[n] = true
  end
  local out = {call('GET', KEYS[at]) or '0', call('ZCARD', KEYS[at+2]), copies, call('ZCARD', KEYS[at+4])}
  for i = first, #ARGV do
    local from, to = lined(ARGV[i])
    local oldest = call('ZRANGEBYSCORE', KEYS[at+1], from, to, 'WITHSCORES', 'LIMIT', 0, 1)
    out[#out+1] = call('ZCOUNT', KEYS[at+1], from, to)
    out[#out+1] = oldest[2] or '0'
  end
  return out
end

-- intent: of a copy, from "tries since what at"; what is "-" when nothing is open, at is the primary that has it.
local function intent(text)
  if not text then return 0, '0', '-', '' end
  local tries, since, what, at = string.match(text, '^(%d+) (%d+) (%S+) ?(%S*)$')
  return tonumber(tries), since, what, at
end

-- gone: takes a copy out of its lane and forgets it.
local function gone(d, lanes, unresolved, lane, name, member)
  call('HDEL', d, member .. '|w', member .. '|i', member .. '|n', member .. '|p')
  call('ZREM', lane, member)
  call('SREM', unresolved, member)
  if call('EXISTS', lane) == 0 then call('SREM', lanes, name) end
end

-- tidy: forgets a copy that is not due, once nobody may be sending it.
local function tidy(d, lanes, unresolved, lane, name, member)
  local w = call('HGET', d, member .. '|w')
  if not w or string.sub(w, 1, 1) == '-' then gone(d, lanes, unresolved, lane, name, member) end
end

-- holds: whether the lease of a lane is the one of a fence.
local function holds(leases, fence, member)
  local l = leased(leases, COPIES)
  return l[5] == fence and l[2] == member
end

-- ended: a lease and its intent, whose outcome is known.
local function ended(d, leases, fence, member)
  giveBack(leases, COPIES, fence, clock(), 0)
  call('HDEL', d, member .. '|i', member .. '|n')
end

-- deliver: what a copy wants now. "-" before what is wanted means that it is not due;
-- then the copy stays in the lane only while somebody must find out what became of it. It says at which primary, and
-- with how many replicas, it got into line.
local function deliver(d, lanes, unresolved, lane, name, member, class, wanted, due, at)
  if due ~= '1' then
    local _, _, what = intent(call('HGET', d, member .. '|i'))
    if what == '-' then return gone(d, lanes, unresolved, lane, name, member) end
    class, wanted = 0, '-' .. wanted
  end
  local seq = call('HINCRBY', d, 'seq', 1)
  call('HSET', d, member .. '|w', wanted, member .. '|p', at)
  call('ZADD', lane, class * CLASS + seq, member)
  call('SADD', lanes, name)
  if due == '1' then call('SREM', unresolved, member) else call('SADD', unresolved, member) end
end

-- deliveries: count of them at ARGV[at], six each: index of the lane among KEYS from
-- lane0 on, name of the lane, member, class, wanted, due. Returns where they end.
local function deliveries(count, at, d, lanes, unresolved, lane0, number)
  local id, followers = nil, 0
  if count > 0 then id, followers = primary() end
  for _ = 1, count do
    local member = ARGV[at+2]
    if number then member = number .. member end
    deliver(d, lanes, unresolved, KEYS[lane0 + ARGV[at]], ARGV[at+1], member, tonumber(ARGV[at+3]), ARGV[at+4], ARGV[at+5],
      (id or '') .. ' ' .. followers)
    at = at + 6
  end
  return at
end

-- found: a question is found by one more name in refs, "" for none.
local function found(q, n, name)
  if name ~= '' then call('HSET', q, n .. '.r', (call('HGET', q, n .. '.r') or '') .. ' ' .. name) end
end

-- unfound: a question is found no more by where it was asked, nor by who asked it.
local function unfound(q, refs, n)
  for name in string.gmatch(call('HGET', q, n .. '.r') or '', '%S+') do
    local left = {}
    for m in string.gmatch(call('HGET', refs, name) or '', '%d+') do
      if m ~= n then left[#left+1] = m end
    end
    if #left > 0 then call('HSET', refs, name, table.concat(left, ' ')) else call('HDEL', refs, name) end
  end
  call('HDEL', q, n .. '.r')
end

-- sending: whether somebody may be sending a copy of question n that is not due.
local function sending(unresolved, n)
  for _, member in ipairs(call('SMEMBERS', unresolved)) do
    if string.match(member, '^%d+') == n then return true end
  end
end

-- swept: forgets the leases of a lane in which there is nothing.
local function swept(lane, leases)
  if call('EXISTS', lane) == 0 and not held(leased(leases, COPIES), clock()) then call('DEL', leases) end
end

-- WIDTH is how many keys a line of letters has.
local WIDTH = 6

-- line: the keys of a line of letters, from KEYS[at] on.
local function line(at)
  return {stream = KEYS[at], raw = KEYS[at+1], of = KEYS[at+2], hand = KEYS[at+3], first = KEYS[at+4], behind = KEYS[at+5]}
end

-- named, sender, since: a letter's name and its parts. Those of one sender sort by time.
local function named(from, at) return from .. ':' .. string.format('%016.0f', at) end
local function sender(id) return (string.match(id, '^[^:]*')) end
local function since(id) return tonumber((string.match(id, '%d*$'))) end

-- join: puts a letter into its line, behind those of its sender.
local function join(k, id)
  if call('HSETNX', k.first, sender(id), id) == 1 then
    call('XADD', k.stream, '*', 'l', id)
  else
    call('ZADD', k.behind, 0, id)
  end
end

-- leave: takes a letter out of its line and lets its sender's next one out.
local function leave(k, id)
  local from = sender(id)
  call('HDEL', k.raw, id)
  call('HDEL', k.of, id)
  call('ZREM', k.hand, id)
  if call('HGET', k.first, from) ~= id then return end
  local next = call('ZRANGEBYLEX', k.behind, '[' .. from .. ':', '(' .. from .. ';', 'LIMIT', 0, 1)[1]
  if not next then return call('HDEL', k.first, from) end
  call('ZREM', k.behind, next)
  call('HSET', k.first, from, next)
  call('XADD', k.stream, '*', 'l', next)
end
