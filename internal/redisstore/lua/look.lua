-- look: what a session has to do. Of its desk it takes what may be drawn and called now, one lease for each line.
-- KEYS: session lanes [dirty cards leases calls q votes n in open moving parked unresolved]
-- ARGV: 1 op, 2 ttl ms, 3 most new cards in one message, 4 to take a call "1", 5 to tell about the board "1", 6 how many
--       replicas confirm a lease, then for each class: to take "1", name of its budget, then codes of the states
-- Returns false for no session, or {v, doc, h, lanes, how many of each class and of calls, cards taken, call taken, board}.
-- Cards taken are {class, fence, open, since, about each}, a call is {fence, open, tries, wanted, about, messages of those that stand}.
local now = clock()
local s = call('HMGET', KEYS[1], 'v', 'doc', 'h')
if not s[1] then return false end
local out = {s[1], s[2], s[3], call('SMEMBERS', KEYS[2]), {}, {}, {}, {}}
if #KEYS == 2 then return out end
local dirty, cards, leases, calls = KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local op, until_, most = ARGV[1], now + ARGV[2], tonumber(ARGV[3])

-- unposted: how many cards were never posted, but for those that are held for a person.
local function unposted()
  local count = 0
  for _, n in ipairs(call('ZRANGEBYSCORE', dirty, lined(NEW))) do
    if call('HEXISTS', cards, n .. '.g') == 0 then count = count + 1 end
  end
  return count
end

-- about: what a card is drawn from: n, message, v, doc, h, votes, or for the board 0, message, unposted, lost, counts, pressed.
local function about(n)
  local at = call('HGET', cards, n) or ''
  if n == '0' then
    local lost = call('ZRANGEBYSCORE', dirty, string.format('%.0f', LOST * CLASS), '+inf')
    return {n, at, unposted(), lost, counts(9, 7 + 2 * (OTHER + 1)), call('HEXISTS', cards, '0.p')}
  end
  local q = call('HMGET', KEYS[7], n .. '.v', n .. '.doc', n .. '.h')
  return {n, at, q[1] or '', q[2] or '', q[3] or '', call('HGET', KEYS[8], n) or '0'}
end

-- together: the new cards that are posted in one message with n: where more wait than fit into one, those that
-- nobody saw, that were not refused and of which nobody may have posted one.
local function together(n)
  local all = {}
  if most == 0 or unposted() <= most then return {n} end
  for _, m in ipairs(call('ZRANGEBYSCORE', dirty, string.format('%.0f', NEW * CLASS), '(' .. string.format('%.0f', NEW * CLASS + LATE))) do
    local c = call('HMGET', cards, m .. '.i', m .. '.g')
    if not c[1] and not c[2] then all[#all+1] = m end
    if #all == most then break end
  end
  return all[1] == n and all or {n}
end

-- leaseCards: takes the card of a class that should be drawn next.
local function leaseCards(class)
  local from, to = lined(class)
  local n = call('ZRANGEBYSCORE', dirty, from, to, 'LIMIT', 0, 1)[1]
  local c = call('HMGET', cards, n, n .. '.i')
  local open = c[1] and '' or c[2] and '1' or '0'
  local all, text = {n}, {}
  if class == NEW and open == '0' then all = together(n) end
  for i, m in ipairs(all) do text[i] = m .. ':' .. call('HGET', cards, m .. '.s') end
  take(leases, class, op, n, until_, open, table.concat(text, ' '), c[1] or '')
  if open == '' then return end
  for _, m in ipairs(all) do call('HSETNX', cards, m .. '.i', string.format('%.0f', now)) end
end

-- mine: whether a line has the lease of this very look, of which the reply was lost.
local function mine(line)
  local l = leased(leases, line)
  return held(l, now) and l[1] == op
end

-- free: whether it is the turn of a class: somebody must draw, nobody does, and no class before it needs the budget
-- that they share.
local function free(class)
  if out[5][class+1] == 0 or held(leased(leases, class), now) then return false end
  local budget = ARGV[8 + 2 * class]
  for before = PRESSED, class - 1 do
    if budget ~= '' and ARGV[8 + 2 * before] == budget and out[5][before+1] > 0 then return false end
  end
  return true
end

-- changedOver: whether cards and calls got into line at a former primary, with more replicas than confirm a lease: of each
-- attempt at one nothing may be known here.
local function changedOver()
  local was, before = string.match(call('HGET', cards, 'at') or '', '^(%w+) (%d+)$')
  if not was or call('ZCOUNT', dirty, lined(NEW)) + call('ZCARD', calls) == 0 and call('HEXISTS', cards, '0') == 1 then return end
  local id, followers, promoted = primary()
  call('HSET', cards, 'at', (id or '') .. ' ' .. followers)
  return promoted and was ~= id and tonumber(before) > tonumber(ARGV[6])
end

local DAY = 86400000
-- doubt: what was never posted may have been, within a day, and is looked up, or shown to a person, before it is.
local function doubt()
  local since = string.format('%.0f', now - DAY)
  local all = call('ZRANGEBYSCORE', dirty, lined(NEW))
  if call('ZSCORE', dirty, '0') then all[#all+1] = '0' end
  for _, n in ipairs(all) do
    if call('HEXISTS', cards, n) == 0 then call('HSETNX', cards, n .. '.i', since) end
  end
  for _, n in ipairs(call('ZRANGE', calls, 0, -1)) do
    local c = call('HMGET', cards, n .. '.w', n .. '.ci', n .. '.x')
    if c[1] and not c[2] and not c[3] then call('HSET', cards, n .. '.ci', c[1], n .. '.ct', 0) end
  end
end

if changedOver() then doubt() end
for class = PRESSED, OTHER do
  out[5][class+1] = waiting(dirty, cards, leases, class, now) and 0 or call('ZCOUNT', dirty, lined(class))
end
out[5][OTHER+2] = rest(leases, CALLS, now) > 0 and 0 or call('ZCARD', calls)

for class = PRESSED, OTHER do
  local again = mine(class)
  if ARGV[7 + 2 * class] == '1' and (again or free(class)) then
    if not again then leaseCards(class) end
    local l = leased(leases, class)
    local one = {class, l[5], l[4], call('HGET', cards, l[2] .. '.i') or '0'}
    for _, c in ipairs(covered(leases, class)) do one[#one+1] = about(c[1]) end
    out[6][#out[6]+1] = one
  end
end
if ARGV[5] == '1' then out[8] = about('0') end

local again = mine(CALLS)
if ARGV[4] ~= '1' or not again and (out[5][OTHER+2] == 0 or held(leased(leases, CALLS), now)) then return out end
if not again then
  local n = call('ZRANGE', calls, 0, 0)[1]
  local c = call('HMGET', cards, n .. '.w', n .. '.ci', n .. '.ct', n .. '.x')
  if c[4] then c[1] = c[2] or '0' end -- they are taken back, and none is posted
  local open = c[1] == c[2] and '1' or '0'
  take(leases, CALLS, op, n, until_, open, n .. ':0', '')
  if c[2] or not c[4] then call('HSET', cards, n .. '.ci', c[1], n .. '.ct', open == '1' and tonumber(c[3] or 0) + 1 or 0) end
end
local l = leased(leases, CALLS)
local c = call('HMGET', cards, l[2] .. '.ct', l[2] .. '.ci', l[2] .. '.m')
out[7] = {l[5], l[4], c[1] or '0', c[2] or '0', about(l[2]), c[3] or ''}
return out
