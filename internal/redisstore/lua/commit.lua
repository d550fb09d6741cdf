-- commit: writes questions, record entries and deliveries, and may end a lease.
-- KEYS: session q in open moving parked drafts log p d lanes unresolved refs networks pics enclosed typing
--       [dirty cards] [lm, its lane] lanes… and the lm of each lane that is swept
-- ARGV: 1 moment at which the session was read, 2 op, 3 channel, 4 wake-up, 5 cards "1", 6 fence or "", 7 its member,
--       8 its lane's name, 9 count of questions, 10 count of deliveries, then questions:
--       n, moment at which it was read, doc, score of in, flags, hash, family, class of its card and "x" where nobody waits for it,
--       erase up to or "", entry (8), ref of a new part or "", hashes of the pictures that an erasure leaves, to unlink it "1",
--       hashes of the enclosed ones that an erasure leaves, hashes of those that go anyway;
--       then deliveries (see common.lua), and count of lanes if they are swept, else 0
-- Returns ok | conflict | fenced | sending | unknown | {unknown question}.

-- drop: forgets a picture.
local function drop(pictures, field)
  local size = call('HSTRLEN', pictures, field)
  if size == 0 then return end
  call('HINCRBY', pictures, 'size', -size)
  call('HDEL', pictures, field)
end

-- keep: forgets the pictures of n but those of some hashes.
local function keep(pictures, n, hashes)
  for _, field in ipairs(call('HKEYS', pictures)) do
    local of, hash = string.match(field, '^(%d+):(.*)$')
    if of == n and not string.find(' ' .. hashes .. ' ', ' ' .. hash .. ' ', 1, true) then drop(pictures, field) end
  end
end

local session = call('HMGET', KEYS[1], 'v', 'h')
if not session[1] then return 'unknown' end
local count, first, size = tonumber(ARGV[9]), 11, 22
local old, conflict, busy = {}, moment(session[1], session[2]) ~= ARGV[1], false
for i = 1, count do
  local at = first + (i-1) * size
  local n = ARGV[at]
  local q = call('HMGET', KEYS[2], n .. '.v', n .. '.op', n .. '.f', n .. '.k', n .. '.h')
  if not q[1] then return {n} end
  if repeated(q[2], ARGV[2]) then
    call('HSET', KEYS[2], n .. '.v', q[1]) -- the same again: WAIT is about the writes of its own connection
    return 'ok'
  end
  if moment(q[1], q[5]) ~= ARGV[at+1] then conflict = true end
  if ARGV[at+19] == '1' and sending(KEYS[12], n) then busy = true end
  old[i] = q
end
if conflict then return 'conflict' end
if busy then return 'sending' end

local key = 18
local dirty, cards, lm, lane
if ARGV[5] == '1' then
  dirty, cards, key = KEYS[key], KEYS[key+1], key + 2
end
if ARGV[6] ~= '' then
  lm, lane, key = KEYS[key], KEYS[key+1], key + 2
  if not holds(lm, ARGV[6], ARGV[7]) then return 'fenced' end
end

for i = 1, count do
  local at = first + (i-1) * size
  local n, was = ARGV[at], old[i]
  call('HSET', KEYS[2], n .. '.v', ARGV[at+9], n .. '.doc', ARGV[at+2], n .. '.h', ARGV[at+5],
    n .. '.op', with(was[2], ARGV[2]), n .. '.f', ARGV[at+4])
  if ARGV[at+6] ~= '' then
    call('HSET', KEYS[2], n .. '.k', ARGV[at+6])
  elseif was[4] then
    call('HDEL', KEYS[2], n .. '.k')
  end
  call('ZADD', KEYS[3], ARGV[at+3], padded(n))
  flags(4, n, was[3], ARGV[at+4])
  if ARGV[at+8] ~= '' then
    local from = tonumber(call('HGET', KEYS[9], n .. ':erased') or 0)
    for v = from + 1, tonumber(ARGV[at+8]) do call('HDEL', KEYS[9], n .. ':' .. v) end
    call('HSET', KEYS[9], n .. ':erased', ARGV[at+8])
    call('HDEL', KEYS[14], n)
    call('HDEL', KEYS[17], n)
    keep(KEYS[15], n, ARGV[at+18])
    keep(KEYS[16], n, ARGV[at+20])
  end
  for hash in string.gmatch(ARGV[at+21], '%S+') do drop(KEYS[16], n .. ':' .. hash) end
  entry(KEYS[8], KEYS[9], n, at + 9)
  if ARGV[at+17] ~= '' then call('HSET', KEYS[13], ARGV[at+17], n) end
  found(KEYS[2], n, ARGV[at+17])
  if ARGV[at+19] == '1' then unfound(KEYS[2], KEYS[13], n) end
  if dirty then
    local class, over = string.match(ARGV[at+7], '(%d)(x?)')
    if over ~= '' then call('HSET', cards, n .. '.d', '1') else call('HDEL', cards, n .. '.d') end
    dirt(dirty, cards, n, tonumber(class))
  end
end
if dirty then dirt(dirty, cards, 0, BOARD) end
if lm then ended(KEYS[10], lm, ARGV[6], ARGV[7]) end
local at = deliveries(tonumber(ARGV[10]), first + count * size, KEYS[10], KEYS[11], KEYS[12], key)
if lm then tidy(KEYS[10], KEYS[11], KEYS[12], lane, ARGV[8], ARGV[7]) end
for i = key, key + ARGV[at] - 1 do swept(KEYS[i], KEYS[i + ARGV[at]]) end
call('PUBLISH', ARGV[3], ARGV[4])
return 'ok'
