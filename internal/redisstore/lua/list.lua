-- list: one page of questions.
-- KEYS: q in open parked session
-- ARGV: 1 offset, 2 limit (0 all), 3 most documents, 4 waiting "1", 5 unsettled "1", 6 newest "1", 7… codes of states
-- Returns {numbers, v doc h of the first of them, one after the other} or unknown.
if call('EXISTS', KEYS[5]) == 0 then return 'unknown' end
local offset, limit, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local numbers, seen, joined = {}, {}, false
local function full() return limit > 0 and #numbers >= limit end
local function take(list)
  for _, n in ipairs(list) do
    n = tonumber(n)
    if full() then return end
    if not seen[n] then
      seen[n] = true
      if offset > 0 then offset = offset - 1 else numbers[#numbers+1] = n end
    end
  end
end
if ARGV[4] == '1' then joined = true; take(call('ZRANGE', KEYS[4], 0, -1)) end
if ARGV[5] == '1' and not full() then
  local last = -1 -- without anything before it, a page needs no more than its end
  if not joined and limit > 0 then last = offset + limit - 1 end
  joined = true
  take(call('ZRANGE', KEYS[3], 0, last))
end
for i = 7, #ARGV do
  if full() then break end
  local from, to = ARGV[i] * CLASS, '(' .. string.format('%.0f', (ARGV[i] + 1) * CLASS)
  from = string.format('%.0f', from)
  local skip, count = 0, -1
  if not joined then -- a question is in one state only: what is skipped needs no look
    local size = call('ZCOUNT', KEYS[2], from, to)
    skip = math.min(offset, size)
    offset = offset - skip
    if limit > 0 then count = limit - #numbers end
  end
  if ARGV[6] == '1' then
    take(call('ZREVRANGEBYSCORE', KEYS[2], to, from, 'LIMIT', skip, count))
  else
    take(call('ZRANGEBYSCORE', KEYS[2], from, to, 'LIMIT', skip, count))
  end
end
local docs = {}
for i = 1, math.min(#numbers, most) do
  local n = numbers[i]
  local q = call('HMGET', KEYS[1], n .. '.v', n .. '.doc', n .. '.h')
  for j = 1, 3 do docs[#docs+1] = q[j] end
end
return {numbers, docs}
