-- commit: writes questions, record entries and deliveries, and may end a lease.
-- KEYS: session q in open moving parked drafts log p d lanes settling refs [dirty cards] [lm, its lane] lanes…
-- ARGV: 1 session version, 2 op, 3 channel, 4 wake-up, 5 cards "1", 6 fence or "", 7 its member,
--       8 its lane's name, 9 count of questions, 10 count of deliveries, then questions:
--       n, version read, doc, score of in, flags, hash, family, class of its card, erase up to or "", entry (7),
--       ref of a new part or "";
--       then deliveries (see common.lua)
-- Returns ok | conflict | fenced | unknown | {unknown question}.
local version = call('HGET', KEYS[1], 'v')
if not version then return 'unknown' end
local count, first, size = tonumber(ARGV[9]), 11, 17
local old, conflict = {}, version ~= ARGV[1]
for i = 1, count do
  local at = first + (i-1) * size
  local n = ARGV[at]
  local q = call('HMGET', KEYS[2], n .. '.v', n .. '.op', n .. '.f', n .. '.k')
  if not q[1] then return {n} end
  if repeated(q[2], ARGV[2]) then
    call('HSET', KEYS[2], n .. '.v', q[1]) -- the same again: WAIT is about the writes of its own connection
    return 'ok'
  end
  if q[1] ~= ARGV[at+1] then conflict = true end
  old[i] = q
end
if conflict then return 'conflict' end
local key = 14
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
  end
  entry(KEYS[8], KEYS[9], n, at + 9)
  if ARGV[at+16] ~= '' then call('HSET', KEYS[13], ARGV[at+16], n) end
  if dirty then dirt(dirty, cards, n, tonumber(ARGV[at+7])) end
end
if dirty then dirt(dirty, cards, 0, BOARD) end
if lm then ended(KEYS[10], lm, ARGV[6], ARGV[7]) end
deliveries(tonumber(ARGV[10]), first + count * size, KEYS[10], KEYS[11], KEYS[12], key)
if lm then tidy(KEYS[10], KEYS[11], KEYS[12], lane, ARGV[8], ARGV[7]) end
call('PUBLISH', ARGV[3], ARGV[4])
return 'ok'
